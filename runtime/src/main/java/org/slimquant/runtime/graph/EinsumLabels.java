package org.slimquant.runtime.graph;

import java.util.List;

/**
 * The labels of an Einsum with a kernel: {@code ij,jk->ik} for example, whose kernel {@code jk} has
 * the output feature {@code k}.
 *
 * @param equation the whole equation
 * @param kernel the labels of the kernel
 * @param data the labels of the other operands
 * @param output the labels of the output
 */
public record EinsumLabels(String equation, String kernel, String data, String output) {

  private static final String ANY_AXES = "...";

  /** Returns the labels of the Einsum that reads its kernel over {@code edge}. */
  public static EinsumLabels of(Edge edge) {
    // TensorFlow's op accepts explicit equations only, and its shape function has checked this one.
    String equation = edge.reader().attributes().getAttrString("equation");
    int arrow = equation.indexOf("->");
    List<String> operands = List.of(equation.substring(0, arrow).split(",", -1));
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < operands.size(); i++) {
      data.append(i == edge.index() ? "" : operands.get(i));
    }
    return new EinsumLabels(
        equation, operands.get(edge.index()), data.toString(), equation.substring(arrow + 2));
  }

  /**
   * Returns the axis of the kernel that counts output channels.
   *
   * @param layer the layer's name, for the message
   * @throws IllegalStateException if there is not exactly one
   */
  int channelAxis(String layer) {
    String features = features();
    if (features.length() != 1 || kernel.contains(ANY_AXES)) {
      throw new IllegalStateException(
          ("the kernel of layer %s must have one label for its output channels to be quantized per"
                  + " channel, which the output has too and the data has not, but has %s in %s; take"
                  + " perChannel = true away")
              .formatted(
                  layer,
                  kernel.contains(ANY_AXES)
                      ? ANY_AXES
                      : features.isEmpty() ? "none" : String.join(", ", features.split("")),
                  equation));
    }
    return kernel.indexOf(features);
  }

  /** Returns whether the output's last axis counts the kernel's channels. */
  public boolean hasChannelsLast() {
    return features().length() == 1 && output.endsWith(features());
  }

  private String features() {
    return kernel
        .chars()
        .filter(Character::isLetter)
        .filter(label -> output.indexOf(label) >= 0 && data.indexOf(label) < 0)
        .distinct()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
