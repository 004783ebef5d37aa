package org.slimquant.deploy.report;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.certificate.ExactnessCertificate;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Add;
import org.slimquant.model.CodeRange;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Requantize;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.w3c.dom.Element;

/** The page as text: what is in it, and whether it is sound. */
final class QuantizationReportTest {

  private static final List<String> PLAN_SECTIONS =
      List.of("Summary", "Network", "Quantized tensors");

  @Test
  void namesOfTheModelAreText() throws Exception {
    String html = HostileReport.report().html();
    ParsedPage page = ParsedPage.of(html);
    String shown = HostileReport.QUOTES.replace('\u0001', '\ufffd');

    assertThat(page.all("script")).isEmpty();
    assertThat(html).doesNotContain("<script");
    assertThat(html).doesNotContain("<!--");
    assertThat(page.texts("h1")).containsExactly(HostileReport.SCRIPT + shown);
    assertThat(page.texts("code"))
        .containsAtLeastElementsIn(
            HostileReport.PLAN.sites().stream()
                .map(site -> site.name().replace('\u0001', '\ufffd'))
                .toList());
    assertThat(page.texts("td")).contains("input uint8 · 2⁻⁷, from MIN_MSE of 1,352,000");
  }

  @Test
  void everySectionIsThereThatHasSomethingToShow() throws Exception {
    assertThat(ParsedPage.of(HostileReport.report().html()).texts("h2"))
        .containsExactly(
            "Summary",
            "Network",
            "Quantized tensors",
            "Sensitivity",
            "Accumulators",
            "Changes",
            "Remarks")
        .inOrder();
    QuantizationPlan plan = new QuantizationPlan(HostileReport.PLAN.sites(), List.of());
    assertThat(ParsedPage.of(QuantizationReport.of(plan).html()).texts("h2"))
        .containsExactlyElementsIn(PLAN_SECTIONS)
        .inOrder();
    assertThat(ParsedPage.of(QuantizationReport.of(QuantizationPlan.EMPTY).html()).texts("h2"))
        .containsExactly("Summary");
  }

  @Test
  void partsOfAnotherNetwork() {
    QuantizationPlan other =
        new QuantizationPlan(
            List.of(
                new Site(
                    "conv1/SlimQuant/output",
                    Kind.OUTPUT,
                    "Relu:0",
                    FixedPoint.signed(8, -4),
                    new Source.Annotation(),
                    Optional.empty())),
            List.of());

    for (QuantizationReport report :
        List.of(
            QuantizationReport.of(other).statistics(HostileReport.statistics()),
            QuantizationReport.of(other).sensitivity(HostileReport.sensitivity()),
            QuantizationReport.of(other).model(HostileReport.model()),
            QuantizationReport.of(other)
                .certificate(ExactnessCertificate.of(HostileReport.model())))) {
      assertThat(assertThrows(IllegalArgumentException.class, report::html))
          .hasMessageThat()
          .matches(
              "the (statistics|sensitivity|model|certificate) of a report must be of the plan's"
                  + " network, but has \\Q<script>alert(1)</script>\\E.*, …, and the plan conv1.*, …;"
                  + " give both of one model");
    }
  }

  @Test
  void aModelWithoutCertificateHasItsAccumulatorsToo() throws Exception {
    ParsedPage page =
        ParsedPage.of(
            QuantizationReport.of(HostileReport.PLAN).model(HostileReport.model()).html());

    assertThat(page.texts("td")).contains("34,357,641,248");
    assertThat(page.texts("td")).contains("−4 bits");
  }

  @Test
  void biasesThatCalibrationDoesNotKnowAreNoChange() throws Exception {
    QuantizationPlan calibrated =
        new QuantizationPlan(
            HostileReport.PLAN.sites().stream().filter(site -> site.kind() != Kind.BIAS).toList(),
            HostileReport.PLAN.remarks());

    assertThat(
            ParsedPage.of(QuantizationReport.of(HostileReport.PLAN).changesSince(calibrated).html())
                .texts("p"))
        .contains("Nothing has changed since the older plan.");
    assertThat(
            ParsedPage.of(QuantizationReport.of(calibrated).changesSince(HostileReport.PLAN).html())
                .texts("p"))
        .contains("Nothing has changed since the older plan.");
  }

  @Test
  void biasesWhoseAccumulatorChanged() throws Exception {
    assertThat(
            ParsedPage.of(QuantizationReport.of(bias(-14)).changesSince(bias(-15)).html())
                .texts("td"))
        .containsAtLeast("bias int32 · 2⁻¹⁵, from derived", "bias int32 · 2⁻¹⁴, from derived")
        .inOrder();
  }

  @Test
  void aBiasThatIsNoLongerQuantized() throws Exception {
    QuantizationPlan older =
        new QuantizationPlan(
            Stream.concat(HostileReport.PLAN.sites().stream(), bias(-15).sites().stream()).toList(),
            List.of());

    assertThat(
            ParsedPage.of(QuantizationReport.of(HostileReport.PLAN).changesSince(older).html())
                .texts("td"))
        .containsAtLeast("removed", "bias int32 · 2⁻¹⁵, from derived")
        .inOrder();
  }

  private static QuantizationPlan bias(int frac) {
    return new QuantizationPlan(
        List.of(
            new Site(
                "conv/SlimQuant/bias",
                Kind.BIAS,
                "bias:0",
                new BiasFormat(List.of(frac)),
                new Source.Derived(),
                Optional.empty())),
        List.of());
  }

  @Test
  void aModelWithSeveralInputsAndOutputs() throws Exception {
    FixedPoint int8 = FixedPoint.signed(8, -4);
    IntegerTensor left = new IntegerTensor("left", List.of(2), int8);
    IntegerTensor right = new IntegerTensor("right", List.of(2), int8);
    IntegerTensor sum = new IntegerTensor("sum", List.of(2), int8);
    IntegerTensor relu = new IntegerTensor("relu", List.of(2), FixedPoint.unsigned(4, -2));
    IntegerModel model =
        new IntegerModel(
            "several",
            List.of(left, right),
            List.of(relu, sum),
            List.of(
                new Add("add", left, right, CodeRange.all(int8), sum),
                new Requantize("relu", sum, CodeRange.all(relu.format()), relu)));

    ParsedPage page =
        ParsedPage.of(QuantizationReport.of(QuantizationPlan.EMPTY).model(model).html());

    assertThat(page.texts("dd", ParsedPage.ofClass("note")))
        .contains("2 int8 · 2⁻⁴, 2 int8 · 2⁻⁴ → 2 uint4 · 2⁻², 2 int8 · 2⁻⁴");
    assertThat(page.texts("desc"))
        .contains(
            "left: input; gives int8 · 2⁻⁴   2. right: input; gives int8 · 2⁻⁴   2."
                + " add: Add, output 2 of 2; reads left, right; gives int8 · 2⁻⁴   2."
                + " relu: Requantize, output 1 of 2; reads add; gives uint4 · 2⁻²   2.");
  }

  @Test
  void theSummaryHasTheFigures() throws Exception {
    ParsedPage page = ParsedPage.of(HostileReport.report().html());

    assertThat(page.texts("dd", ParsedPage.ofClass("value")))
        .containsExactly(
            "0.9877",
            "1.0000",
            "not proven",
            "80 B",
            "192 B",
            "4 ops",
            "118 MiB",
            "6",
            "noise only")
        .inOrder();
  }

  @Test
  void screenReadersFindTheirWay() throws Exception {
    ParsedPage page = ParsedPage.of(HostileReport.report().html());

    List<String> ids =
        page.all("*").stream().map(e -> e.getAttribute("id")).filter(id -> !id.isEmpty()).toList();
    assertThat(ids).containsNoDuplicates();
    for (Element element : page.all("*")) {
      for (String id : element.getAttribute("aria-labelledby").split(" ", -1)) {
        assertThat(id.isEmpty() || ids.contains(id)).isTrue();
      }
    }
    for (Element link : page.all("a")) {
      assertThat(ids).contains(link.getAttribute("href").substring(1));
    }
    for (Element table : page.all("table")) {
      assertThat(table.getFirstChild().getNodeName()).isEqualTo("caption");
      assertThat(table.getFirstChild().getTextContent()).isNotEmpty();
    }
    for (Element header : page.all("th")) {
      assertThat(header.getAttribute("scope")).isAnyOf("col", "row");
    }
    for (Element svg : page.all("svg")) {
      boolean described =
          svg.getAttribute("role").equals("img")
              && svg.getFirstChild().getNodeName().equals("title")
              && svg.getFirstChild().getNextSibling().getNodeName().equals("desc");
      assertThat(described || svg.getAttribute("aria-hidden").equals("true")).isTrue();
    }
  }

  @Test
  void nothingIsLoaded() throws Exception {
    String html = HostileReport.report().html();

    for (Element element : ParsedPage.of(html).all("*")) {
      assertThat(element.hasAttribute("src")).isFalse();
      assertThat(element.getTagName()).isNotEqualTo("link");
    }
    assertThat(html).doesNotContain("url(");
    assertThat(html).doesNotContain("@import");
  }

  @Test
  void theStyleSheetNeedsNoEscape() throws Exception {
    String style =
        new String(
            QuantizationReport.class.getResourceAsStream("report.css").readAllBytes(),
            StandardCharsets.UTF_8);

    for (String escaped : List.of("<", ">", "&", "\"", "'")) {
      assertThat(style).doesNotContain(escaped);
    }
  }

  @Test
  void theFileIsReplacedAtOnce(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("report.html");
    Files.writeString(file, "old");
    HostileReport.report().write(file);
    HostileReport.report().write(folder.resolve("again.html"));

    assertThat(Files.readString(file)).isEqualTo(HostileReport.report().html());
    assertThat(Files.mismatch(file, folder.resolve("again.html"))).isEqualTo(-1);
    assertThat(files(folder)).containsExactly("report.html", "again.html");
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void figuresOutOfRange() {
    QuantizationReport report = QuantizationReport.of(QuantizationPlan.EMPTY);

    assertThat(assertThrows(IllegalArgumentException.class, () -> report.accuracy("float", 98.8)))
        .hasMessageThat()
        .isEqualTo("an accuracy must be a share between 0 and 1, but that of float is 98.8");
    assertThrows(IllegalArgumentException.class, () -> report.accuracy("float", Double.NaN));
    assertThat(assertThrows(IllegalArgumentException.class, () -> report.size("Flash", -1)))
        .hasMessageThat()
        .isEqualTo("a size must be 0 bytes or more, but that of Flash is -1");
  }

  @Test
  void observedTensorsHaveAChart() throws Exception {
    ParsedPage page = ParsedPage.of(HostileReport.report().html());

    List<String> charted =
        HostileReport.PLAN.sites().stream()
            .map(Site::name)
            .filter(name -> !name.endsWith("bias"))
            .map(name -> ("Distribution of " + name).replace('\u0001', '\ufffd'))
            .toList();
    assertWithMessage("charts")
        .that(
            page.all("svg").stream()
                .filter(ParsedPage.ofClass("chart"))
                .map(svg -> svg.getFirstChild().getTextContent())
                .toList())
        .containsExactlyElementsIn(charted)
        .inOrder();
  }
}
