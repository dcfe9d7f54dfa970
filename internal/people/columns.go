package people

import "cakap/internal/sheet"

// The fields of a roster. Every other column of the file is dropped unread:
// religion, NIK, tax number and address are nobody's business here.
const (
	fieldNIP          = "nip"
	fieldNumber       = "participant_no"
	fieldName         = "name"
	fieldTitleFront   = "title_front"
	fieldTitleBack    = "title_back"
	fieldSex          = "sex"
	fieldBirth        = "birth_date"
	fieldAppointed    = "appointed"
	fieldKind         = "kind"
	fieldStage        = "stage"
	fieldLegalID      = "legal_id"
	fieldLegalName    = "legal_name"
	fieldGrade        = "grade"
	fieldPosition     = "position"
	fieldPositionKind = "position_kind"
	fieldUnitID       = "unit_id"
	fieldUnit         = "unit"
	fieldOPD          = "opd"
	fieldAgency       = "agency"
	fieldEmail        = "email"
	fieldPhone        = "phone"
	fieldExtraTime    = "time_factor"
)

// rosterAliases are the titles seen in SIASN "data utama", in a DUK, in what
// SIMPEG systems export and in lists typed by hand; best first.
func rosterAliases() sheet.Aliases {
	return sheet.Aliases{
		fieldNIP: {"NIP BARU", "NIP", "NIP/NI PPPK", "NIP/NIPPPK", "NIP/NIPTTK", "NI PPPK", "NIPPPK", "NIP PPPK", "NIP PNS/PPPK", "NIP ASN", "NIP PEGAWAI",
			"NO NIP", "NOMOR NIP", "NOMOR INDUK PEGAWAI", "NOMOR INDUK", "NO INDUK"},
		fieldNumber:     {"NOMOR PESERTA", "NO PESERTA", "NO. PESERTA NON ASN", "ID PESERTA", "NIPTTK", "NOMOR NON ASN"},
		fieldName:       {"NAMA", "NAMA LENGKAP", "NAMA PEGAWAI", "NAMA ASN", "NAMA PNS", "NAMA PESERTA", "NAMA DAN GELAR", "NAMA LENGKAP DAN GELAR", "NAMA TANPA GELAR"},
		fieldTitleFront: {"GELAR DEPAN", "GLR DEPAN", "GELAR DPN"},
		fieldTitleBack:  {"GELAR BELAKANG", "GLR BELAKANG", "GELAR BLK"},
		fieldSex:        {"JENIS KELAMIN", "L/P", "JK", "KELAMIN", "SEX", "GENDER"},
		fieldBirth:      {"TANGGAL LAHIR", "TGL LAHIR", "TGL. LAHIR"},
		fieldAppointed:  {"TMT CPNS"},
		fieldKind:       {"JENIS PESERTA", "JENIS ASN", "STATUS ASN", "STATUS KEPEGAWAIAN", "STATUS PEGAWAI", "JENIS", "PNS/PPPK"},
		fieldStage:      {"STATUS CPNS PNS"},
		fieldLegalID:    {"KEDUDUKAN HUKUM ID"},
		fieldLegalName:  {"KEDUDUKAN HUKUM NAMA", "KEDUDUKAN HUKUM"},
		fieldGrade: {"GOL AKHIR NAMA", "GOLONGAN/RUANG", "GOL/RUANG", "GOLRU", "GOL RU", "GOLONGAN RUANG TERAKHIR", "GOLONGAN", "GOL", "GOLONGAN AKHIR",
			"PANGKAT/GOLONGAN", "PANGKAT/GOL.RUANG", "PANGKAT/GOL", "PANGKAT GOLRU", "PANGKAT/GOLONGAN RUANG", "PANGKAT, GOLONGAN/RUANG", "PANGKAT"},
		fieldPosition:     {"JABATAN NAMA", "NAMA JABATAN", "JABATAN", "JABATAN TERAKHIR"},
		fieldPositionKind: {"JENIS JABATAN NAMA", "JENIS JABATAN"},
		fieldUnitID:       {"UNOR ID", "ID UNOR"},
		fieldUnit:         {"UNOR NAMA", "NAMA UNOR", "UNIT KERJA", "NAMA UNIT KERJA", "UNIT ORGANISASI", "UNOR", "SUB UNIT KERJA", "SATKER", "SATUAN KERJA", "TEMPAT TUGAS", "UNIT"},
		fieldOPD:          {"OPD", "NAMA OPD", "PERANGKAT DAERAH", "ORGANISASI PERANGKAT DAERAH", "SKPD", "DINAS", "UNIT KERJA INDUK", "UNOR INDUK NAMA", "SATUAN KERJA KERJA NAMA", "INSTANSI"},
		fieldAgency:       {"INSTANSI KERJA NAMA", "INSTANSI KERJA"},
		fieldEmail:        {"EMAIL GOV", "EMAIL DINAS", "EMAIL", "SUREL", "E-MAIL", "ALAMAT EMAIL"},
		fieldPhone:        {"NOMOR HP", "NO HP", "HP", "NO. TELEPON/HP", "TELEPON", "NO TELEPON", "NO TELP", "NO WA", "NOMOR WHATSAPP"},
		fieldExtraTime:    {"TAMBAHAN WAKTU %", "TAMBAHAN WAKTU", "TAMBAHAN WAKTU (%)", "AKOMODASI"},
	}
}

// limits are how long a text of each field may be, in characters. Longer ones
// are mistakes: a whole address in the name column.
var fieldLimits = map[string]int{
	fieldName: 150, fieldTitleFront: 60, fieldTitleBack: 100, fieldNumber: 40,
	fieldPosition: 250, fieldPositionKind: 100, fieldUnit: 500, fieldOPD: 250, fieldUnitID: 64,
	fieldEmail: 254, fieldPhone: 40, fieldGrade: 100, fieldKind: 60, fieldLegalName: 100, fieldLegalID: 20,
	fieldSex: 30, fieldStage: 30, fieldExtraTime: 20,
}
