//! Whether files are found, and erased, at every instance.

use crate::config::Config;
use stoa_services::doctor::Finding;

/// By the settings alone: nobody here can see what another machine has mounted.
pub(super) fn examine(config: &Config) -> Option<Finding> {
    config.media.may_be_apart(&config.database.target).then(|| Finding {
        check: "media.shared",
        problem: format!(
            "files lie in {}, and nothing says that all instances have that folder: at another one the link to somebody's data would lead \
             nowhere, and what is erased there would stay here",
            config.data_dir.join("media").display()
        ),
        remedy: "Let all instances share the disk of that folder and set media.shared = true, or keep files in a bucket (media.store = \
                 \"s3\"). With one instance just set media.shared = true.",
        mended: false,
    })
}
