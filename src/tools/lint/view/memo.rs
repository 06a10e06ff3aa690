use super::finding_card::{CardProps, card};
use super::twin_view::{BlockProps, block};
use std::rc::Rc;
use yew::virtual_dom::{Key, VComp, VNode};
use yew::{Component, Context, Html, Properties};

/// The parts of which there are many.
#[derive(PartialEq)]
pub(crate) enum Part {
    /// Some lines of the text.
    Block(BlockProps),
    /// A finding.
    Card(CardProps),
}

/// Draws a part again only if something in it changed. There is one component for all of them:
/// each would cost some KiB.
pub(crate) fn memo(key: impl Into<Key>, part: Part) -> Html {
    let key = Some(key.into());
    VNode::VComp(Rc::new(VComp::new::<Memo>(Rc::new(MemoProps { part }), key)))
}

#[derive(PartialEq, Properties)]
struct MemoProps {
    part: Part,
}

struct Memo;

impl Component for Memo {
    type Message = ();
    type Properties = MemoProps;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        match &ctx.props().part {
            Part::Block(props) => block(props).into(),
            Part::Card(props) => card(props).into(),
        }
    }
}
