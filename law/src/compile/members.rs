//! What the groups and lists that conditions name hold at each moment.

use super::Law;
use crate::kind::Rule;
use crate::lists::ListEntry;
use crate::sets::{Dated, NumberSet, NumberTest, OriginSet, OriginTest};
use crate::time::Moment;

impl Law {
    /// The numbers a condition names, dated.
    pub(super) fn number_set(&self, test: &NumberTest) -> Dated<NumberSet> {
        let bounds = test.groups.iter();
        let bounds = bounds.flat_map(|group| self.group_bounds(group)).collect();
        Dated::build(bounds, |at| {
            let mut ranges = test.ranges.clone();
            for name in &test.groups {
                let mut rows = self.rows(name);
                if let Some(Rule::Group(group)) = self.group_at(name, at) {
                    ranges.extend(&group.numbers);
                    rows = group.list.as_ref().map_or(&[][..], |list| self.rows(list));
                }
                let holding = rows.iter().filter(|row| row.from <= at && at < row.until);
                ranges.extend(holding.map(|row| row.range));
            }
            NumberSet::of(ranges)
        })
    }

    /// The origins a condition names, dated.
    pub(super) fn origin_set(&self, test: &OriginTest) -> Dated<OriginSet> {
        let bounds = test.groups.iter();
        let bounds = bounds.flat_map(|group| self.group_bounds(group)).collect();
        Dated::build(bounds, |at| {
            let mut set = OriginSet::default();
            test.countries.iter().for_each(|country| set.add(*country));
            for group in &test.groups {
                if let Some(Rule::Group(group)) = self.group_at(group, at) {
                    group.origins.iter().for_each(|country| set.add(*country));
                }
            }
            set
        })
    }

    /// The rows of a list that is named without a group; none where no list bears the name.
    fn rows(&self, name: &str) -> &[ListEntry] {
        let list = self.book.lists.iter().find(|list| list.name == name);
        list.map_or(&[], |list| &list.entries)
    }

    fn group_place(&self, id: &str) -> Option<usize> {
        self.book
            .instruments
            .iter()
            .position(|known| known.id == id)
    }

    fn group_at(&self, id: &str, at: Moment) -> Option<&Rule> {
        let instrument = self.group_place(id)? as u16;
        self.in_force_at(instrument, at)
            .map(|rule| &self.version(rule).rule)
    }

    /// The moments at which a group's or list's members change.
    fn group_bounds(&self, name: &str) -> Vec<Moment> {
        let (mut bounds, mut lists) = (Vec::new(), vec![self.rows(name)]);
        if let Some(place) = self.group_place(name) {
            bounds.extend(self.in_force[place].bounds());
            for version in &self.book.instruments[place].versions {
                if let Rule::Group(group) = &version.rule {
                    lists.extend(group.list.as_ref().map(|list| self.rows(list)));
                }
            }
        }
        for row in lists.into_iter().flatten() {
            bounds.extend([row.from, row.until]);
        }
        bounds
    }
}
