//! The parts of the program that are loaded when they are first needed.
//!
//! With the feature `split`, each function below is where `cargo xtask build` cuts the program: what only it reaches
//! becomes a file of its own. Without it they are plain functions, and the program is one file.

use crate::browser;
use crate::state::{
    Action, Build, Check, ChunkName, Dispatcher, Intake, Link, Loaded, Missing, Reports, Rules,
    Senders, Share,
};
use crate::text::{FORMS, Forms};
use crate::tools::{build, check, intake, link, reports, rules, senders, share};
use wasm_bindgen_futures::spawn_local;

/// A part did not come; why, the page's loader notes at the document.
#[derive(Debug)]
struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Makes a function a place where the program is cut.
macro_rules! chunk {
    ($name:ident, $function:ident, $table:expr, $type:ty) => {
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn $function() -> Result<&'static $type, NotLoaded> {
            Ok($table)
        }

        #[cfg(not(feature = "split"))]
        async fn $function() -> Result<&'static $type, NotLoaded> {
            Ok($table)
        }
    };
}

chunk!(build, load_build, &build::TABLE, Build);
chunk!(check, load_check, &check::TABLE, Check);
chunk!(forms, load_forms, &FORMS, Forms);
chunk!(intake, load_intake, &intake::TABLE, Intake);
chunk!(link, load_link, &link::TABLE, Link);
chunk!(reports, load_reports, &reports::TABLE, Reports);
chunk!(rules, load_rules, &rules::TABLE, Rules);
chunk!(senders, load_senders, &senders::TABLE, Senders);
chunk!(share, load_share, &share::TABLE, Share);

/// Loads a part, and tells what came of it.
pub(super) fn load(name: ChunkName, dispatcher: Dispatcher) {
    spawn_local(async move {
        dispatcher.emit(match get(name).await {
            Ok(loaded) => Action::Loaded(loaded),
            Err(NotLoaded) if browser::root_says("data-missing", "stale") => {
                Action::Missing(name, Missing::Stale)
            }
            Err(NotLoaded) => Action::Missing(name, Missing::Failed),
        });
    });
}

/// The rules, for what has to be explained. None if they don't come.
pub(super) async fn rules() -> Option<&'static Rules> {
    load_rules().await.ok()
}

/// What checks and dialogs look like, next to the page.
const STYLES: &str = "./tools.css";

async fn get(name: ChunkName) -> Result<Loaded, NotLoaded> {
    // A part is drawn as soon as it is there, but for the ways in, which show nothing.
    if !matches!(name, ChunkName::Intake | ChunkName::Link) {
        browser::load_styles(STYLES).await.map_err(|_| NotLoaded)?;
    }
    Ok(match name {
        ChunkName::Build => Loaded::Build(load_build().await?),
        ChunkName::Check => Loaded::Check(load_check().await?),
        ChunkName::Forms => Loaded::Forms(load_forms().await?),
        ChunkName::Intake => Loaded::Intake(load_intake().await?),
        ChunkName::Link => Loaded::Link(load_link().await?),
        ChunkName::Reports => Loaded::Reports(load_reports().await?),
        ChunkName::Rules => Loaded::Rules(load_rules().await?),
        ChunkName::Senders => Loaded::Senders(load_senders().await?),
        ChunkName::Share => Loaded::Share(load_share().await?),
    })
}
