package access

// Names of the form fields that refusals of this package belong to, as every
// page with such a field has them.
const (
	FieldNumber   = "nip"
	FieldPassword = "sandi"
	FieldCurrent  = "sandi_lama"
	FieldCode     = "kode"
	FieldName     = "nama"
	FieldUsername = "akun"
	FieldRoles    = "peran"
)
