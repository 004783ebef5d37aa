package org.slimquant.deploy.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.deploy.report.html.Drawing;
import org.slimquant.deploy.report.html.Element;

/**
 * Draws layers from top to bottom, each in a row of its own. A straight edge connects a layer with
 * the layer above it. Other edges run down in lanes at the right.
 *
 * <pre>{@code
 * ┌───────┐
 * │ conv1 ├─╮
 * └───┬───┘ │
 *     │ int8 · 2⁻⁵   28×28×16
 * ┌───▼───┐ │
 * │ conv2 │ │
 * └───┬───┘ │
 *     │     │
 * ┌───▼───┐ │
 * │ add   ◀─╯
 * └───────┘
 * }</pre>
 */
final class NetworkDrawing {

  private static final int LEFT = 4;
  private static final int WIDTH = 300;
  private static final int LANE = 18;
  private static final int GAP = 36;
  private static final int LINE = 17;
  private static final int PADDING = 20;
  private static final int HEAD = 5;
  private static final int NAME_LENGTH = 24;
  private static final int DETAIL_LENGTH = 46;

  /** An edge that passes other layers, in a lane. */
  private record Detour(int from, int to, int lane) {}

  private final List<Layer> layers;
  private final List<Detour> detours = new ArrayList<>();
  private final int[] tops;
  private final int[] bottoms;

  private NetworkDrawing(List<Layer> layers) {
    this.layers = layers;
    tops = new int[layers.size()];
    bottoms = new int[layers.size()];
    int y = LEFT;
    for (int i = 0; i < layers.size(); i++) {
      tops[i] = y;
      bottoms[i] = y + PADDING + LINE * layers.get(i).details().size() + LINE / 2 + 1;
      y = bottoms[i] + GAP;
    }
    for (int to = 0; to < layers.size(); to++) {
      int reader = to;
      layers.get(to).inputs().stream()
          .distinct()
          .filter(from -> from < reader - 1)
          .forEach(from -> detours.add(new Detour(from, reader, freeLane(from, reader))));
    }
  }

  private int freeLane(int from, int to) {
    List<Integer> taken =
        detours.stream()
            .filter(other -> other.from <= to && from <= other.to)
            .map(Detour::lane)
            .toList();
    return IntStream.iterate(0, lane -> lane + 1)
        .filter(lane -> !taken.contains(lane))
        .findFirst()
        .orElse(0);
  }

  /** Returns the drawing of layers. */
  static Element of(List<Layer> layers) {
    NetworkDrawing network = new NetworkDrawing(layers);
    int lanes = network.detours.stream().mapToInt(Detour::lane).max().orElse(-1) + 1;
    int width = 2 * LEFT + WIDTH + (lanes == 0 ? 0 : LANE * lanes + LANE);
    int height = network.bottoms[layers.size() - 1] + LEFT + LINE;
    Drawing drawing =
        new Drawing("network-drawing", "The network", network.description(), width, height)
            .set("class", "network")
            .set("style", "max-width:%dpx".formatted(width * 6 / 5));
    for (int i = 0; i < layers.size(); i++) {
      network.drawLayer(i, drawing);
      network.drawOutput(i, drawing);
    }
    network.detours.forEach(detour -> network.drawDetour(detour, drawing));
    return drawing.element();
  }

  /** Returns a description of the drawing, for readers who cannot see it. */
  private String description() {
    return layers.stream()
        .map(
            layer ->
                "%s: %s%s%s."
                    .formatted(
                        layer.name(),
                        Stream.concat(Stream.of(layer.type()), layer.details().stream())
                            .filter(text -> !text.isEmpty())
                            .collect(Collectors.joining(", ")),
                        layer.inputs().isEmpty()
                            ? ""
                            : "; reads "
                                + layer.inputs().stream()
                                    .map(input -> layers.get(input).name())
                                    .collect(Collectors.joining(", ")),
                        layer.output().isEmpty() ? "" : "; gives " + layer.output()))
        .collect(Collectors.joining(" "));
  }

  private void drawLayer(int index, Drawing drawing) {
    Layer layer = layers.get(index);
    drawing.add(
        Drawing.rectangle("box", LEFT, tops[index], WIDTH, bottoms[index] - tops[index])
            .set("rx", "8"),
        Drawing.text(
                "name",
                "start",
                LEFT + 14,
                tops[index] + PADDING,
                Notation.shortened(layer.name(), NAME_LENGTH))
            .add(Element.of("title", layer.name())),
        Drawing.text("detail", "end", LEFT + WIDTH - 14, tops[index] + PADDING, layer.type()));
    for (int i = 0; i < layer.details().size(); i++) {
      drawing.add(
          Drawing.text(
              "detail",
              "start",
              LEFT + 14,
              tops[index] + PADDING + LINE * (i + 1.0),
              Notation.shortened(layer.details().get(i), DETAIL_LENGTH)));
    }
  }

  private void drawOutput(int index, Drawing drawing) {
    double x = LEFT + 28;
    double y = bottoms[index];
    boolean isLast = index == layers.size() - 1;
    if (!isLast && layers.get(index + 1).inputs().contains(index)) {
      drawing.add(
          Drawing.line("edge", x, y, x, y + GAP - HEAD),
          Drawing.path("head", head(x, y + GAP, -HEAD, -2 * HEAD, HEAD, -2 * HEAD)));
    }
    drawing.add(
        Drawing.text(
            "flow",
            "start",
            isLast ? LEFT + 14 : x + 12,
            isLast ? y + LINE : y + GAP / 2.0 + 4,
            layers.get(index).output()));
  }

  private void drawDetour(Detour detour, Drawing drawing) {
    double right = LEFT + WIDTH;
    double lane = right + LANE * (detour.lane + 1.0);
    double from = (tops[detour.from] + bottoms[detour.from]) / 2.0;
    double to = (tops[detour.to] + bottoms[detour.to]) / 2.0;
    drawing.add(
        Drawing.path(
            "edge",
            "M%s %sH%sQ%s %s %s %sV%sQ%s %s %s %sH%s"
                .formatted(
                    right,
                    from,
                    lane - 8,
                    lane,
                    from,
                    lane,
                    from + 8,
                    to - 8,
                    lane,
                    to,
                    lane - 8,
                    to,
                    right + HEAD)),
        Drawing.path("head", head(right, to, 2 * HEAD, -HEAD, 2 * HEAD, HEAD)));
  }

  private static String head(double x, double y, int dx1, int dy1, int dx2, int dy2) {
    return "M%s %sl%d %dL%s %sz".formatted(x, y, dx1, dy1, x + dx2, y + dy2);
  }
}
