package org.slimquant.deploy.report;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.Gson;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;

/** The page in a browser, as wide as a small phone and as a desk's screen. */
final class RenderedReportTest {

  private static final List<Integer> WIDTHS = List.of(320, 390, 1280);

  @Test
  void nothingIsCutOffAndEverySiteIsThere(@TempDir Path folder) throws Exception {
    assertThat(render(HostileReport.report(), HostileReport.PLAN, folder)).isEqualTo("measured []");
  }

  @Test
  void aPlanAloneIsRendered(@TempDir Path folder) throws Exception {
    assertThat(render(QuantizationReport.of(HostileReport.PLAN), HostileReport.PLAN, folder))
        .isEqualTo("measured []");
  }

  /**
   * Returns what is wrong with the layout, measured in a page that holds the report in a frame for
   * each width.
   */
  private static String render(QuantizationReport report, QuantizationPlan plan, Path folder)
      throws Exception {
    Optional<Browser> browser = Browser.find();
    assumeTrue(browser.isPresent(), "there is no Chromium; install it to render the report");
    List<String> sites =
        plan.sites().stream().map(Site::name).map(RenderedReportTest::shown).toList();
    Element body = Element.of("body").set("data-sites", new Gson().toJson(sites));
    for (int width : WIDTHS) {
      body.add(
          Element.of("iframe")
              .set("srcdoc", report.html())
              .set("style", "border:0;height:900px;width:%dpx".formatted(width)));
    }
    Path page = folder.resolve("page.html");
    Path script = folder.resolve("measure.js");
    try (InputStream in = RenderedReportTest.class.getResourceAsStream("measure.js")) {
      Files.write(script, in.readAllBytes());
    }
    Element head =
        Element.of(
            "head",
            Element.of("meta").set("charset", "utf-8"),
            Element.of("script").set("src", "measure.js"));
    Files.writeString(
        page, "<!DOCTYPE html>" + Element.of("html", head, body), StandardCharsets.UTF_8);
    String dump = browser.get().dump(page, folder);
    int start = dump.indexOf("measured ");
    assertWithMessage("the measuring page says %s", dump).that(start).isAtLeast(0);
    return dump.substring(start, dump.indexOf("</body>")).strip();
  }

  private static String shown(String name) {
    return name.replace('\u0001', '\ufffd');
  }
}
