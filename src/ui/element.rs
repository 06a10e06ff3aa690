//! Elements, written down in the order in which they stand in the page:
//!
//! ```ignore
//! el("li").class("card").attr("data-code", rule.code).child(el("p").text("Hello"))
//! ```
//!
//! `html!` writes a table of attributes, listeners and children out anew for each element, which made
//! half of the program. Here every part is one call of a function that is there once.

use std::rc::Rc;
use web_sys::Event;
use yew::virtual_dom::{Key, Listener, ListenerKind, VNode, VTag, VText};
use yew::{AttrValue, Html};

/// An element of the page.
pub(crate) struct El(Box<VTag>);

/// What is done when something happens to an element.
pub(crate) type Handler = Rc<dyn Fn(Event)>;

/// An element with this tag.
#[inline(never)]
pub(crate) fn el(tag: &'static str) -> El {
    El(Box::new(VTag::new(tag)))
}

/// A button with this label.
pub(crate) fn button(label: &'static str, clicked: Handler) -> El {
    el("button").attr("type", "button").on("click", clicked).text(label)
}

/// A button whose label is made.
pub(crate) fn labelled(label: String, clicked: Handler) -> El {
    el("button").attr("type", "button").on("click", clicked).words(label)
}

/// A field for one line that the browser neither completes nor corrects.
#[inline(never)]
pub(crate) fn text_field(value: &str, most: &'static str) -> El {
    el("input")
        .attr("type", "text")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("maxlength", most)
        .value(value.to_owned())
}

/// A field for a domain, or for the address of a server.
pub(crate) fn name_field(value: &str, most: &'static str, placeholder: &'static str) -> El {
    text_field(value, most).attr("inputmode", "url").attr("placeholder", placeholder)
}

/// A link that stays in the page, with this text.
pub(crate) fn link(href: String, text: &'static str) -> El {
    el("a").set("href", href).text(text)
}

/// What is done when something happens.
#[inline(never)]
pub(crate) fn handler(handle: impl Fn(Event) + 'static) -> Handler {
    Rc::new(handle)
}

/// Nothing, in the place of something: what stands after it keeps its place.
fn nothing() -> Html {
    VNode::default()
}

impl El {
    /// Its key among its siblings; all of them or none have one.
    #[inline(never)]
    pub(crate) fn key(mut self, key: &str) -> Self {
        self.0.key = Some(Key::from(key));
        self
    }

    /// Its key, where siblings are counted.
    pub(crate) fn number(self, key: usize) -> Self {
        self.key(&key.to_string())
    }

    /// Its classes.
    pub(crate) fn class(self, class: &'static str) -> Self {
        self.attr("class", class)
    }

    /// An attribute whose value is known.
    #[inline(never)]
    pub(crate) fn attr(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.add_attribute(name, AttrValue::Static(value));
        self
    }

    /// An attribute whose value is made.
    #[inline(never)]
    pub(crate) fn set(mut self, name: &'static str, value: String) -> Self {
        self.0.add_attribute(name, AttrValue::from(value));
        self
    }

    /// An attribute that is there without a value, or not at all.
    pub(crate) fn flag(self, name: &'static str, on: bool) -> Self {
        if on { self.attr(name, "") } else { self }
    }

    /// An attribute that says `true` or `false`.
    pub(crate) fn state(self, name: &'static str, on: bool) -> Self {
        self.attr(name, if on { "true" } else { "false" })
    }

    /// The value of a field.
    pub(crate) fn value(mut self, value: String) -> Self {
        self.0.set_value(Some(AttrValue::from(value)));
        self
    }

    /// A property of the element, where the attribute says only what it was at first.
    #[inline(never)]
    pub(crate) fn property(mut self, name: &'static str, value: &str) -> Self {
        self.0.add_property(name, value);
        self
    }

    /// Whether a radio button is chosen.
    pub(crate) fn checked(mut self, checked: bool) -> Self {
        self.0.set_checked(checked);
        self
    }

    /// What is done when this happens.
    #[inline(never)]
    pub(crate) fn on(mut self, event: &'static str, handler: Handler) -> Self {
        self.0.add_listener(Rc::new(On { event, handler }));
        self
    }

    /// Known words inside.
    #[inline(never)]
    pub(crate) fn text(self, text: &'static str) -> Self {
        self.child(VNode::VText(VText::new(AttrValue::Static(text))))
    }

    /// Words inside that are made.
    #[inline(never)]
    pub(crate) fn words(self, text: String) -> Self {
        self.child(VNode::VText(VText::new(AttrValue::from(text))))
    }

    /// Something inside.
    #[inline]
    pub(crate) fn child(self, child: impl Into<VNode>) -> Self {
        self.append(child.into())
    }

    /// Something inside, if it is there.
    pub(crate) fn maybe(self, child: Option<El>) -> Self {
        self.append(child.map_or_else(nothing, VNode::from))
    }

    #[inline(never)]
    fn append(mut self, child: VNode) -> Self {
        self.0.add_child(child);
        self
    }
}

impl From<El> for VNode {
    #[inline(never)]
    fn from(element: El) -> Self {
        VNode::VTag(Rc::new(*element.0))
    }
}

/// Several siblings without an element around them; each has a key.
#[inline(never)]
pub(crate) fn siblings(children: Vec<El>) -> Html {
    VNode::from_iter(children)
}

struct On {
    event: &'static str,
    handler: Handler,
}

impl Listener for On {
    fn kind(&self) -> ListenerKind {
        ListenerKind::other(self.event.into())
    }

    fn handle(&self, event: Event) {
        (self.handler)(event);
    }

    fn passive(&self) -> bool {
        false
    }
}
