//! `view!` makes an object of introspection.

/// An object of introspection: its fields in the order of the prelude, which is that of their numbers.
macro_rules! view {
    (
        $view:ty, $name:literal { $($field:literal => |$this:ident, $walk:ident, $slot:ident| $write:expr;)+ }
        leads to $($child:ty),*
    ) => {
        impl $crate::graphql::execute::Object for $view {
            const NAME: &'static str = $name;

            const COUNT: usize = [$($field),+].len();

            fn fields() -> Vec<&'static str> {
                vec![$($field),+]
            }

            fn field<'p>(
                &self,
                walk: &mut $crate::graphql::execute::Walk<'p>,
                slot: &'p $crate::graphql::plan::Slot,
                _: usize,
            ) -> $crate::graphql::execute::Flow {
                match &*slot.name {
                    $($field => {
                        let ($this, $walk, $slot) = (self, walk, slot);
                        $write
                    })+
                    _ => walk.null(),
                }
            }

            fn add_types(_objects: &mut $crate::graphql::operation::Objects) {
                $($crate::graphql::execute::add_object::<$child>(_objects);)*
            }
        }

        impl $crate::graphql::execute::Output for $view {
            fn write<'p>(
                &self,
                walk: &mut $crate::graphql::execute::Walk<'p>,
                slot: &'p $crate::graphql::plan::Slot,
            ) -> $crate::graphql::execute::Flow {
                walk.object(self, slot)
            }
        }
    };
}
pub(super) use view;
