package reports

import (
	"cmp"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// sortRows orders people by OPD, unit and name as an Indonesian list does,
// which no database collation can be trusted with. NIP and enrolment break
// ties, so the order never depends on how rows arrived.
func sortRows(rows []*Row) {
	keys := newSortKeys()
	type keyed struct {
		opd, unit, name []byte
		row             *Row
	}
	all := make([]keyed, len(rows))
	for i, r := range rows {
		all[i] = keyed{keys.cached(r.OPD), keys.cached(r.Unit()), keys.of(r.Name), r}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		return cmp.Or(slices.Compare(a.opd, b.opd), slices.Compare(a.unit, b.unit), slices.Compare(a.name, b.name),
			cmp.Compare(a.row.NIP, b.row.NIP), cmp.Compare(a.row.Enrolment, b.row.Enrolment))
	})
	for i := range all {
		rows[i] = all[i].row
	}
}

// sortNames orders names as an Indonesian list does.
func sortNames(names []string) {
	keys := newSortKeys()
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(slices.Compare(keys.cached(a), keys.cached(b)), cmp.Compare(a, b))
	})
}

type sortKeys struct {
	collator *collate.Collator
	buffer   collate.Buffer
	known    map[string][]byte
}

func newSortKeys() *sortKeys {
	return &sortKeys{collator: collate.New(language.Indonesian), known: map[string][]byte{}}
}

func (k *sortKeys) of(s string) []byte {
	key := slices.Clone(k.collator.KeyFromString(&k.buffer, s))
	k.buffer.Reset()
	return key
}

func (k *sortKeys) cached(s string) []byte {
	key, ok := k.known[s]
	if !ok {
		key = k.of(s)
		k.known[s] = key
	}
	return key
}
