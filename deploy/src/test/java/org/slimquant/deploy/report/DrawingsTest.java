package org.slimquant.deploy.report;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.NamedStatistics;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.w3c.dom.Element;

/** The shapes of charts and networks. */
final class DrawingsTest {

  @Test
  void whatIsClippedStandsOut() throws Exception {
    ParsedPage chart = chart(FixedPoint.signed(8, 0), 1, 100, -127, 1000, -2000, 1e-3f, 0);

    assertThat(bars(chart)).hasSize(6);
    assertThat(chart.all("rect").stream().filter(ParsedPage.ofClass("clipped")).toList())
        .hasSize(2);
    assertThat(chart.texts("text")).containsAtLeast("−127", "127", "→ 0");
    assertThat(chart.texts("desc").get(0))
        .isEqualTo(
            "7 elements, by magnitude in steps of int8 · 2⁰. 28.57 % of them are rounded to 0.");
  }

  @Test
  void anUnsignedFormatClipsWhatIsNegative() throws Exception {
    ParsedPage chart = chart(FixedPoint.unsigned(4, 0), -3, 2, 15, 20);

    assertThat(bars(chart)).hasSize(4);
    assertThat(chart.all("rect").stream().filter(ParsedPage.ofClass("clipped")).toList())
        .hasSize(2);
    assertThat(chart.texts("text", ParsedPage.ofClass("strong"))).containsExactly("15");
  }

  @Test
  void anUnsignedFormatOfPositiveElementsHasOneSide() throws Exception {
    assertThat(chart(FixedPoint.unsigned(8, -8), 0, 0.5f).texts("text"))
        .containsAtLeast("2⁻⁸", "0.9961");
    assertThat(chart(FixedPoint.unsigned(8, -8), 0, 0.5f).texts("text")).doesNotContain("−2⁻⁸");
  }

  @Test
  void channelsAreCountedInSteps() throws Exception {
    assertThat(chart(PerChannel.of(8, 0), 1, -5).texts("text"))
        .containsAtLeast("−127 steps", "127 steps", "−1", "16");
  }

  @Test
  void barsStandOnTheAxisWithinTheChart() throws Exception {
    for (Element bar : bars(chart(FixedPoint.signed(16, -126), 1e30f, -1e-38f, 3e38f))) {
      double top = Double.parseDouble(bar.getAttribute("y"));
      assertThat(top).isAtLeast(20);
      assertThat(top + Double.parseDouble(bar.getAttribute("height"))).isWithin(0.02).of(152);
      assertThat(Double.parseDouble(bar.getAttribute("x"))).isAtLeast(46);
      assertThat(Double.parseDouble(bar.getAttribute("width"))).isGreaterThan(0);
    }
  }

  @Test
  void barsShareTheElements() {
    OctaveBars bars =
        OctaveBars.of(
            new NamedStatistics()
                .site("site", new float[] {0, 0.1f, -0.2f, 0.35f, 1, -2, 1000})
                .statistics()
                .distribution("site", FixedPoint.signed(8, 0))
                .orElseThrow(),
            7);
    double sum = bars.smallShare();
    for (int bar = 0; bar < bars.octaves() * OctaveBars.PER_OCTAVE; bar++) {
      sum += bars.share(bar, 1) + bars.share(bar, -1);
    }

    assertThat(sum).isWithin(1e-12).of(1);
    assertThat(bars.octaves()).isEqualTo(13);
    assertThat(bars.smallShare()).isWithin(1e-12).of(3 / 7.0);
    assertThat(bars.shareBelow(-1)).isWithin(1e-12).of(4 / 7.0);
    assertThat(bars.rarest()).isWithin(1e-12).of(1 / 7.0);
    assertThat(bars.share(8, 1)).isWithin(1e-12).of(1 / 7.0);
    assertThat(bars.share(12, -1)).isWithin(1e-12).of(1 / 7.0);
  }

  private static List<Element> bars(ParsedPage chart) {
    return chart.all("rect").stream().filter(ParsedPage.ofClass("bar")).toList();
  }

  private static ParsedPage chart(Format format, float... elements) throws Exception {
    return ParsedPage.of(
        DistributionChart.of(
                "chart",
                "site",
                format,
                new NamedStatistics()
                    .site("site", elements)
                    .statistics()
                    .distribution("site", format)
                    .orElseThrow())
            .toString());
  }

  @Test
  void anEdgeGoesToEveryReader() throws Exception {
    ParsedPage network =
        ParsedPage.of(
            NetworkDrawing.of(
                    List.of(
                        new Layer("images", "input", List.of(), List.of(), "int8 · 2⁻⁴   8×8"),
                        new Layer("a", "Conv2D", List.of("kernel 3×3"), List.of(0), "out"),
                        new Layer("b", "Requantize", List.of(), List.of(0), "out"),
                        new Layer("sum", "Add", List.of(), List.of(1, 2), "")))
                .toString());

    assertThat(network.all("path").stream().filter(ParsedPage.ofClass("head")).toList()).hasSize(4);
    assertThat(network.all("line").stream().filter(ParsedPage.ofClass("edge")).toList()).hasSize(2);
    assertThat(network.texts("desc"))
        .containsExactly(
            "images: input; gives int8 · 2⁻⁴   8×8. a: Conv2D, kernel 3×3; reads images; gives"
                + " out. b: Requantize; reads images; gives out. sum: Add; reads a, b.");
  }

  @Test
  void longNamesLoseTheirMiddle() {
    assertThat(Notation.shortened("encoder/block/conv", 11)).isEqualTo("encod…/conv");
    assertThat(Notation.shortened("short", 5)).isEqualTo("short");
    assertThat(Notation.shortened("abc😀😀def", 8)).isEqualTo("abc…def");
  }

  @Test
  void numbersHaveFourDigits() {
    assertThat(Notation.number(0.9921875)).isEqualTo("0.9922");
    assertThat(Notation.number(-31.75)).isEqualTo("−31.75");
    assertThat(Notation.number(100)).isEqualTo("100");
    assertThat(Notation.number(123456)).isEqualTo("123456");
    assertThat(Notation.number(1.5e-7)).isEqualTo("1.50e−07");
    assertThat(Notation.number(0)).isEqualTo("0");
    assertThat(Notation.percent(1e-7)).isEqualTo("< 0.001 %");
    assertThat(Notation.percent(0.5)).isEqualTo("50.00 %");
    assertThat(Notation.bytes(1023)).isEqualTo("1023 B");
    assertThat(Notation.bytes(13_706)).isEqualTo("13.4 KiB");
    assertThat(Notation.bytes(3 << 20)).isEqualTo("3.0 MiB");
  }
}
