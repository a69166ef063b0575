//! Rows of activations in groups that share one load of the weights.

/// Runs a kernel, generic over the number of its rows, for all of `$rows` in
/// groups as large as the sizes allow and as equal as they can be, since small
/// groups load more per product. The sizes count up from 1.
///
/// `in_groups!(first in rows, [1 2 3] => kernel(…, first))` calls
/// `kernel::<N>(…, first)` for the rows `first .. first + N`.
macro_rules! in_groups {
    ($first:ident in $rows:expr, [$($size:literal)*] => $kernel:ident $arguments:tt) => {{
        let rows: usize = $rows;
        let mut groups = rows.div_ceil([$($size),*].len());
        let mut $first = 0;
        while $first < rows {
            let size = (rows - $first).div_ceil(groups);
            match size {
                $($size => $kernel::<$size> $arguments,)*
                // No group is larger than the largest size.
                _ => break,
            }
            $first += size;
            groups -= 1;
        }
    }};
}

pub(super) use in_groups;
