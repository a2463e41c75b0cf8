//! `root!` makes a root of the schema out of its parts, one for each noun.

/// The fields of the parts, one part after the other.
macro_rules! root {
    (
        $(#[$doc:meta])*
        $root:ident, $stock:ident, $name:literal { $($part:ident: $part_stock:ident,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        pub struct $root;

        $(#[$doc])*
        #[derive(Default, async_graphql::MergedObject)]
        #[graphql(name = $name)]
        pub struct $stock($($part_stock),+);

        impl $crate::graphql::execute::Object for $root {
            const NAME: &'static str = $name;
            const COUNT: usize = 0 $(+ <$part as $crate::graphql::execute::Object>::COUNT)+;

            fn fields() -> Vec<&'static str> {
                [$(<$part as $crate::graphql::execute::Object>::fields()),+].concat()
            }

            fn field<'p>(
                &self,
                walk: &mut $crate::graphql::execute::Walk<'p>,
                slot: &'p $crate::graphql::plan::Slot,
                field: usize,
            ) -> $crate::graphql::execute::Flow {
                let mut field = field;
                $(
                    if field < <$part as $crate::graphql::execute::Object>::COUNT {
                        return $crate::graphql::execute::Object::field(
                            &$part, walk, slot, field,
                        );
                    }
                    field -= <$part as $crate::graphql::execute::Object>::COUNT;
                )+
                let _ = field;
                walk.null()
            }

            fn add_types(objects: &mut $crate::graphql::operation::Objects) {
                $(<$part as $crate::graphql::execute::Object>::add_types(objects);)+
            }
        }

        impl $crate::graphql::execute::Output for $root {
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
pub(crate) use root;
