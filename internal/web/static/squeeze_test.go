package static

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"cakap/internal/testtool"
)

func TestSqueeze(t *testing.T) {
	for in, want := range map[string]string{
		"// why\nconst a = 1; // one\n  let b = a + 2;\n": "const a=1;\nlet b=a+2;",
		"/* long\n   words */ f( x , 'a  // b' )":         "f(x,'a  // b')",
		"const t = `a  ${ b + `c  d` }  // e`;":           "const t=`a  ${b+`c  d`}  // e`;",
		"x = y.replace( /\\/\\* [/] \"/g , '' ) / 2 / z":  "x=y.replace(/\\/\\* [/] \"/g,'')/2/z",
		"a + +b - -c; return / x /.test(y)":               "a+ +b- -c;return/ x /.test(y)",
		"if (a) { b() }\n\n\n// end\nelse { c() }":        "if(a){b()}\nelse{c()}",
		"const { k = {} } = `${ { a: 1 }.a }  `;":         "const{k={}}=`${{a:1}.a}  `;",
		"async () => { await f }; 'it\\'s  ok'; in of":    "async()=>{await f};'it\\'s  ok';in of",
	} {
		if got := string(squeeze([]byte(in))); got != want {
			t.Errorf("squeeze(%q)\n got %q\nwant %q", in, got, want)
		}
	}
}

// What is sent is still a script, where something can tell.
func TestSqueezedScriptsParse(t *testing.T) {
	node := testtool.Path(t, "node")
	a, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for url, file := range a.byPath {
		if filepath.Ext(url) != ".js" {
			continue
		}
		name := filepath.Join(t.TempDir(), "script.mjs")
		if err := os.WriteFile(name, file.body, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), node, "--check", name).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", url, err, out)
		}
	}
}
