//! What every shelf must do, whatever it is made of. Run natively on memory and in the browser on IndexedDB.

use spotcheck::port::shelf::{Op, Shelf, Table};

/// Runs the whole contract on an empty shelf; `reopen` gives a new handle on the same data.
pub async fn keeps_the_contract<S: Shelf>(shelf: S, reopen: impl AsyncFn(S) -> S) {
    is_empty(&shelf).await;
    puts_gets_and_deletes(&shelf).await;
    lists_in_order(&shelf).await;
    keeps_tables_apart(&shelf).await;
    the_last_of_a_batch_counts(&shelf).await;
    keeps_big_values(&shelf).await;
    let shelf = reopen(shelf).await;
    assert_eq!(shelf.get(Table::Blobs, "big").await.expect("read").map(|value| value.len()), Some(3_000_000), "after reopening");
    assert_eq!(shelf.keys(Table::Records, "r/").await.expect("read"), ["r/0", "r/1", "r/10", "r/2"]);
    shelf.write(&[Op::delete(Table::Blobs, "big")]).await.expect("write");
    assert_eq!(shelf.count(Table::Blobs).await.expect("read"), 0);
}

async fn is_empty(shelf: &impl Shelf) {
    for table in Table::ALL {
        assert_eq!(shelf.count(table).await.expect("read"), 0, "{table:?}");
        assert!(shelf.keys(table, "").await.expect("read").is_empty());
        assert!(shelf.scan(table, "").await.expect("read").is_empty());
        assert_eq!(shelf.get(table, "nothing").await.expect("read"), None);
    }
    shelf.write(&[]).await.expect("an empty batch is fine");
}

async fn puts_gets_and_deletes(shelf: &impl Shelf) {
    for table in Table::ALL {
        for value in [vec![], vec![0], vec![0, 255, 1]] {
            shelf.write(&[Op::put(table, "key", value.clone())]).await.expect("write");
            assert_eq!(shelf.get(table, "key").await.expect("read"), Some(value));
        }
        assert_eq!(shelf.get_many(&[(table, "no"), (table, "key")]).await.expect("read"), [None, Some(vec![0, 255, 1])]);
        assert_eq!(shelf.get_many(&[]).await.expect("read"), [] as [Option<Vec<u8>>; 0]);
        shelf.write(&[Op::delete(table, "key"), Op::delete(table, "never there")]).await.expect("write");
        assert_eq!(shelf.get(table, "key").await.expect("read"), None);
    }
}

async fn lists_in_order(shelf: &impl Shelf) {
    let batch: Vec<Op> = ["r/2", "r/10", "s/1", "r/1", "q", "r/0", "r"].map(|key| Op::put(Table::Records, key, key)).into();
    shelf.write(&batch).await.expect("write");
    assert_eq!(shelf.keys(Table::Records, "r/").await.expect("read"), ["r/0", "r/1", "r/10", "r/2"]);
    let scanned = shelf.scan(Table::Records, "r/1").await.expect("read");
    assert_eq!(scanned, [("r/1".to_owned(), b"r/1".to_vec()), ("r/10".to_owned(), b"r/10".to_vec())]);
    let many = shelf.scan_many(Table::Records, &["r/1".to_owned(), "none".to_owned(), "s/".to_owned()]).await.expect("read");
    assert_eq!(many, [scanned, vec![], vec![("s/1".to_owned(), b"s/1".to_vec())]]);
    assert_eq!(shelf.scan_many(Table::Records, &[]).await.expect("read"), [] as [Vec<(String, Vec<u8>)>; 0]);
    assert_eq!(shelf.count(Table::Records).await.expect("read"), 7);
    assert_eq!(shelf.keys(Table::Records, "").await.expect("read").len(), 7);
}

async fn keeps_tables_apart(shelf: &impl Shelf) {
    let batch: Vec<Op> = Table::ALL.map(|table| Op::put(table, "same", table.name())).into();
    shelf.write(&batch).await.expect("write");
    for table in Table::ALL {
        assert_eq!(shelf.get(table, "same").await.expect("read"), Some(table.name().into()));
    }
    let batch: Vec<Op> = Table::ALL.map(|table| Op::delete(table, "same")).into();
    shelf.write(&batch).await.expect("write");
}

async fn the_last_of_a_batch_counts(shelf: &impl Shelf) {
    let batch =
        [Op::put(Table::Meta, "a", "1"), Op::put(Table::Meta, "a", "2"), Op::put(Table::Meta, "b", "1"), Op::delete(Table::Meta, "b")];
    shelf.write(&batch).await.expect("write");
    assert_eq!(shelf.get_many(&[(Table::Meta, "a"), (Table::Meta, "b")]).await.expect("read"), [Some(b"2".to_vec()), None]);
    shelf.write(&[Op::delete(Table::Meta, "a")]).await.expect("write");
}

async fn keeps_big_values(shelf: &impl Shelf) {
    let big: Vec<u8> = (0..3_000_000_u32).map(|index| index.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    shelf.write(&[Op::put(Table::Blobs, "big", big.clone())]).await.expect("write");
    assert_eq!(shelf.get(Table::Blobs, "big").await.expect("read"), Some(big));
}
