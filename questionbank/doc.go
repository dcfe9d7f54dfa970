// Package questionbank keeps the framework (four aspects, their indicators and
// the level schemes) and the items: what an item is, how its revisions come to
// be approved by a second person, and how whole files of items come in.
//
// A revision's Content never changes once saved. What a participant may see of
// it is a Delivery, a type without any field that could tell the key.
package questionbank
