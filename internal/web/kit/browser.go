package kit

import "strings"

// Browser is the kind of browser that asks, for people to read: "HP Android,
// Chrome". It is made of words of our own, never of the header's.
func (c *Ctx) Browser() string { return browserOf(c.gin.GetHeader("User-Agent")) }

// The first mark that a header holds names the device, and the program:
// browsers also claim to be the ones before them.
var (
	devices = [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"CrOS", "Chromebook"}, {"Windows", "Komputer Windows"}, {"Macintosh", "Komputer Mac"}, {"Linux", "Komputer Linux"},
	}
	programs = [][2]string{
		{"SEB/", "Safe Exam Browser"}, {"SamsungBrowser/", "Samsung Internet"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"UCBrowser/", "UC Browser"},
		{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
)

func browserOf(agent string) string {
	device, program := firstOf(devices, agent), firstOf(programs, agent)
	if strings.Contains(agent, "Android") { // it also claims to be Linux
		device = "Tablet Android"
		if strings.Contains(agent, "Mobile") {
			device = "HP Android"
		}
	}
	switch {
	case device == "":
		return program
	case program == "":
		return device
	}
	return device + ", " + program
}

func firstOf(marks [][2]string, text string) string {
	for _, m := range marks {
		if strings.Contains(text, m[0]) {
			return m[1]
		}
	}
	return ""
}
