package reports

import "github.com/xuri/excelize/v2"

// chart is a native chart with the fonts and colours that excelize leaves to
// chance. A font without a family would fall back to a serif face.
func chart(title string, kind excelize.ChartType, width, height uint) *excelize.Chart {
	gap, yes := uint(60), true
	font := chartFont(11, navy, true)
	no := false
	return &excelize.Chart{
		Type:       kind,
		Title:      excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title, Font: &font}}},
		Dimension:  excelize.ChartDimension{Width: width, Height: height},
		Format:     excelize.GraphicOptions{AltText: title, PrintObject: &yes, OffsetX: 2, OffsetY: 4, Positioning: "oneCell"},
		Legend:     excelize.ChartLegend{Position: "bottom", Font: fontOf(chartFont(9, ink, false))},
		XAxis:      excelize.ChartAxis{Font: chartFont(9, ink, false)},
		YAxis:      excelize.ChartAxis{Font: chartFont(9, grey, false), MajorGridLines: true},
		Border:     excelize.LineOptions{Type: excelize.LineSolid, Width: 0.75, Fill: solid(line)},
		GapWidth:   &gap,
		VaryColors: &no,
	}
}

func chartFont(size float64, colour string, bold bool) excelize.Font {
	return excelize.Font{Family: "Calibri", Size: size, Color: colour, Bold: bold}
}

func fontOf(f excelize.Font) *excelize.Font { return &f }

func solid(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

// scale is a value axis with fixed ends, so that the same height means the
// same score in every report.
func scale(from, to, step float64) excelize.ChartAxis {
	return excelize.ChartAxis{
		Minimum: &from, Maximum: &to, MajorUnit: step, MajorGridLines: true, Font: chartFont(9, grey, false),
		NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0"},
	}
}
