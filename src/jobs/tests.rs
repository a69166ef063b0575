use super::*;
use crate::store::is_id;

#[test]
fn ids_sort_by_time_and_differ() {
    let ids = [
        new_id(0),
        new_id(1),
        new_id(1_700_000_000_000),
        new_id(4_000_000_000_000),
    ];
    assert!(ids.is_sorted());
    assert!(ids.iter().all(|id| is_id(id)), "{ids:?}");
    assert_ne!(new_id(7), new_id(7));
}
