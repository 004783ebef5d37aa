package org.slimquant.deploy.report;

import org.slimquant.calibration.Distribution;
import org.slimquant.deploy.report.html.Drawing;
import org.slimquant.deploy.report.html.Element;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;

/**
 * Draws how the elements of a tensor lie on the grid of its format.
 *
 * <p>The axis counts octaves of {@code |x| / step}, to the right for positive numbers and to the
 * left for negative ones. Magnitudes below a quarter of a step are one bar in the middle.
 *
 * <pre>{@code
 *          │ rounds to 0 │                          │ clipped
 *     ▁▂▃▅▆│▅  ▄  ▇  ▄  ▅│▆▅▃▂▁                     │
 * ──┴──┴──┴┴──┴──┴──┴──┴─┴┴──┴──┴──┴──┴──┴──┴──┴──┴─┴──
 *       -2 -1        0        1  2  4  8 16 32 64 128     steps
 * }</pre>
 */
final class DistributionChart {

  private static final double WIDTH = 350;
  private static final double HEIGHT = 194;
  private static final double LEFT = 46;
  private static final double RIGHT = 346;
  private static final double TOP = 20;
  private static final double BOTTOM = 152;

  private static final int LOWEST = OctaveBars.LOWEST;

  /** The octave up to which a number is rounded to 0. */
  private static final int HALF_STEP = -1;

  private static final double LABEL_WIDTH = 46;
  private static final double LETTER_WIDTH = 7.5;
  private static final int MAX_DECADES = 4;
  private static final int LOWEST_DECADE = -9;
  private static final double BAR_GAP = 0.6;
  private static final int LARGEST_COUNT = 20;

  private final Format format;
  private final OctaveBars bars;
  private final boolean twoSided;
  private final double bound;
  private final int decades;

  private DistributionChart(Format format, Distribution steps) {
    this.format = format;
    int codeBits = format.bits() - (format.signed() ? 1 : 0);
    bound = OctaveBars.log2((1L << codeBits) - 0.5);
    bars = OctaveBars.of(steps, codeBits);
    twoSided = format.signed() || steps.min() < -0.25;
    decades = Math.max(LOWEST_DECADE, (int) Math.floor(Math.log10(bars.rarest())) - 1);
  }

  /**
   * Returns the chart of a distribution in steps of a format.
   *
   * @param id the prefix of its parts' ids
   */
  static Element of(String id, String site, Format format, Distribution steps) {
    return new DistributionChart(format, steps).draw(id, site);
  }

  private double octaveWidth() {
    return (RIGHT - LEFT) / ((twoSided ? 2 : 1) * bars.octaves() + 1);
  }

  /**
   * Returns the position of a number on the axis by its octave, on the positive or negative side.
   */
  private double x(double octave, int side) {
    double middle = twoSided ? (LEFT + RIGHT) / 2 : LEFT + octaveWidth() / 2;
    return middle + side * (octaveWidth() / 2 + (octave - LOWEST) * octaveWidth());
  }

  private double y(double share) {
    double height = (Math.log10(share) - decades) / -decades;
    return BOTTOM - Math.max(0, height) * (BOTTOM - TOP);
  }

  private Element draw(String id, String site) {
    Drawing drawing =
        new Drawing(
            id,
            "Distribution of " + site,
            "%s elements, by magnitude in steps of %s. %s of them are rounded to 0."
                .formatted(
                    Notation.count(bars.elements()),
                    Notation.format(format),
                    Notation.percent(bars.shareBelow(HALF_STEP))),
            WIDTH,
            HEIGHT);
    drawRegions(drawing);
    drawDecades(drawing);
    drawBars(drawing);
    drawMarks(drawing);
    drawAxis(drawing);
    return drawing.set("class", "chart").element();
  }

  /** Returns whether the larger part of a bar lies beyond the bounds. */
  private boolean isClipped(int bar, int side) {
    double middle = LOWEST + (bar + 0.5) / OctaveBars.PER_OCTAVE;
    return middle > ((side < 0 && !format.signed()) ? HALF_STEP : bound);
  }

  private void drawRegions(Drawing drawing) {
    double from = twoSided ? x(HALF_STEP, -1) : LEFT;
    drawing.add(band("zero", from, x(HALF_STEP, 1)), band("clip", x(bound, 1), RIGHT));
    if (twoSided) {
      drawing.add(band("clip", LEFT, format.signed() ? x(bound, -1) : x(HALF_STEP, -1)));
    }
  }

  private static Element band(String style, double from, double to) {
    return Drawing.rectangle(style, from, TOP, to - from, BOTTOM - TOP);
  }

  private void drawDecades(Drawing drawing) {
    int stride = (-decades + MAX_DECADES - 1) / MAX_DECADES;
    for (int decade = 0; decade >= decades; decade -= stride) {
      double y = y(Math.pow(10, decade));
      drawing.add(
          Drawing.line("grid", LEFT, y, RIGHT, y),
          Drawing.text("label", "end", LEFT - 5, y + 3.5, decadeLabel(decade)));
    }
  }

  private static String decadeLabel(int decade) {
    return switch (decade) {
      case 0 -> "100 %";
      case -1 -> "10 %";
      case -2 -> "1 %";
      case -3 -> "0.1 %";
      case -4 -> "0.01 %";
      case -5 -> "0.001 %";
      default -> "10" + Notation.power(decade + 2).substring(1) + " %";
    };
  }

  private void drawBars(Drawing drawing) {
    // The bar in the middle belongs to both sides.
    drawBar(drawing, "bar", x(LOWEST, 1) - octaveWidth(), octaveWidth(), bars.smallShare());
    double width = octaveWidth() / OctaveBars.PER_OCTAVE;
    for (int side : sides()) {
      for (int i = 0; i < bars.octaves() * OctaveBars.PER_OCTAVE; i++) {
        double x = x(LOWEST + (double) i / OctaveBars.PER_OCTAVE, side);
        drawBar(
            drawing,
            isClipped(i, side) ? "bar clipped" : "bar",
            side < 0 ? x - width : x,
            width,
            bars.share(i, side));
      }
    }
  }

  private int[] sides() {
    return twoSided ? new int[] {-1, 1} : new int[] {1};
  }

  private void drawBar(Drawing drawing, String style, double x, double width, double share) {
    if (share > 0) {
      double y = y(share);
      double gap = Math.min(BAR_GAP, width / 4);
      drawing.add(Drawing.rectangle(style, x + gap / 2, y, width - gap, BOTTOM - y));
    }
  }

  private void drawMarks(Drawing drawing) {
    double zeroX = twoSided ? x(LOWEST - 0.5, 1) : x(HALF_STEP, 1) / 2 + LEFT / 2;
    drawing.add(Drawing.text("label", "middle", zeroX, TOP - 8, "→ 0"));
    drawing.add(Drawing.line("step", x(0, 1), TOP, x(0, 1), BOTTOM));
    drawBound(drawing, 1);
    if (twoSided && format.signed()) {
      drawing.add(Drawing.line("step", x(0, -1), TOP, x(0, -1), BOTTOM));
      drawBound(drawing, -1);
    }
  }

  private void drawBound(Drawing drawing, int side) {
    double x = x(bound, side);
    String label = boundLabel(side);
    double half = LETTER_WIDTH * label.length() / 2;
    drawing.add(
        Drawing.line("bound", x, TOP - 6, x, BOTTOM),
        Drawing.text(
            "label strong", "middle", Math.max(half, Math.min(WIDTH - half, x)), TOP - 9, label));
  }

  private String boundLabel(int side) {
    return format instanceof FixedPoint fixed
        ? Notation.number(side < 0 ? fixed.min() : fixed.max())
        : (side < 0 ? "−" : "") + ((1 << (format.bits() - 1)) - 1) + " steps";
  }

  private void drawAxis(Drawing drawing) {
    drawing.add(Drawing.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM));
    int stride = (int) Math.ceil(LABEL_WIDTH / octaveWidth());
    for (int side : sides()) {
      for (int octave = 0; octave <= bars.octaves() + LOWEST; octave++) {
        double x = x(octave, side);
        boolean labelled = octave % stride == 0 && octave < bars.octaves() + LOWEST;
        drawing.add(Drawing.line("axis", x, BOTTOM, x, BOTTOM + (labelled ? 6 : 3)));
        if (labelled) {
          drawing.add(
              Drawing.text(
                  "label", "middle", x, BOTTOM + 17, (side < 0 ? "−" : "") + tick(octave)));
        }
      }
    }
    drawing.add(
        Drawing.text(
            "label",
            "middle",
            (LEFT + RIGHT) / 2,
            BOTTOM + 33,
            format instanceof FixedPoint
                ? "magnitude, an octave for each bit"
                : "steps of each channel, an octave for each bit"));
  }

  private String tick(int octave) {
    return format instanceof FixedPoint fixed
        ? Notation.power(fixed.frac() + octave)
        : octave < LARGEST_COUNT ? String.valueOf(1 << octave) : Notation.power(octave);
  }
}
