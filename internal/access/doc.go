// Package access knows who asks and what they may do: accounts and their
// passwords, one-time and start codes, login sessions, roles with the agencies
// they reach, the policy of actions, the keys of the installation and the
// hash-chained audit trail. Every door asks the same functions here.
package access
