//! Words of the office's screens.

super::words! {
    /// Words of the office's screens.
    OfficeWords {
        title: "办公室", "Office";
    }
}
