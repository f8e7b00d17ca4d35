//! What is exported is read by pyxform, the reference implementation of XLSForm, and as we read it.

#[path = "../sheets/tests/common/pyxform.rs"]
#[allow(dead_code, reason = "a part of it is enough here")]
mod pyxform;

use std::path::Path;

use spotcheck::{domain::checklist::Checklist, forms};
use spotcheck_sheets::xlsform;

#[test]
fn pyxform_accepts_every_list_of_the_library() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("public/content/checklists");
    let mut files = Vec::new();
    for file in std::fs::read_dir(folder).expect("the folder is part of the project") {
        let path = file.expect("readable").path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if name != "index" {
            let list = Checklist::read(&std::fs::read(&path).expect("readable")).expect("a checklist");
            files.push((name, forms::export_file(&list).expect("writes")));
        }
    }
    assert_eq!(files.len(), 25);
    let answers = pyxform::read(&pyxform::write_files("library", &files));
    for ((name, bytes), theirs) in files.iter().zip(answers) {
        assert!(theirs["error"].is_null(), "{name}: {}", theirs["error"]);
        assert_eq!(theirs["warnings"], serde_json::json!([]), "{name}");
        let book = spotcheck_sheets::read(bytes, name).expect("a workbook").workbook;
        let reading = xlsform::read(&book, name);
        assert!(!reading.diagnostics.has_errors(), "{name}");
        let ours = pyxform::without_other(pyxform::shape(&reading.form));
        assert_eq!(pyxform::difference(&ours, &pyxform::aligned(theirs)), None, "{name}");
    }
}
