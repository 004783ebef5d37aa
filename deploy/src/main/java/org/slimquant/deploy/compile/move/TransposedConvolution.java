package org.slimquant.deploy.compile.move;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.ArrangedKernel;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.deploy.compile.graph.NodePayload.Literal;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.runtime.graph.OpKind;
import org.slimquant.runtime.graph.OpRole;

/**
 * Writes a transposed convolution as a convolution with more channels, whose output is moved.
 *
 * <pre>{@code
 * x [4, 4, 8] ─▶ Conv2DBackpropInput, 3x3, strides 2, 16 channels ─▶ [8, 8, 16]     before
 *
 * x [4, 4, 8] ─▶ Conv2D, 2x2, strides 1, 2·2·16 channels ─▶ [4, 4, 64]              after
 *             ─▶ Reshape [4, 4, 2, 2, 16] ─▶ Transpose [4, 2, 4, 2, 16]
 *             ─▶ Reshape [8, 8, 16] ─▶ Slice ─▶
 * }</pre>
 *
 * <p><b>The same function.</b> With stride s and kernel w, the row q of the output, counted with
 * its padding, is {@code Σ x[i]·w[q - i·s]}. Let {@code q = t·s + r}, with the phase {@code r < s}.
 * With {@code j = t - i} it is {@code Σ x[t - j]·w[r + j·s]}: a convolution, of stride 1, whose
 * kernel has every s-th element of w, in reverse. Each phase and channel is an output channel of
 * one convolution. Elements that w does not have are 0, which changes no sum.
 *
 * @param op the transposed convolution
 * @param rows the convolution along the rows
 * @param columns the convolution along the columns
 */
public record TransposedConvolution(MovedOp op, Side rows, Side columns) {

  private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);
  private static final int ROWS = 1;
  private static final int COLUMNS = 2;

  /**
   * Returns the nodes in place of a transposed convolution.
   *
   * @throws org.slimquant.deploy.compile.graph.RefusedException if integers cannot compute it
   */
  public static List<Node> of(OpGraph graph, Node node) {
    MovedOp op = new MovedOp(graph, node);
    op.requireChannelsLast();
    if (node.attributes().numbers("dilations").stream().anyMatch(dilation -> dilation != 1)) {
      throw op.refused(
          "it is a dilated transposed convolution: %s"
              .formatted(node.attributes().numbers("dilations")),
          "let its dilations be 1, or fill its kernel with zeros between the elements");
    }
    return new TransposedConvolution(op, side(op, ROWS), side(op, COLUMNS)).nodes();
  }

  private static Side side(MovedOp op, int axis) {
    Attributes attributes = op.node().attributes();
    int window = op.literal(OpRole.KERNEL, "kernel").shape().get(axis - 1);
    int input = op.shape(OpRole.TRANSPOSED_DATA).get(axis - 1);
    int output = op.shape().get(axis - 1);
    int stride = Math.toIntExact(attributes.numbers("strides").get(axis));
    int padding =
        switch (attributes.text("padding")) {
          case "SAME" -> Math.max(0, (input - 1) * stride + window - output) / 2;
          case "EXPLICIT" -> Math.toIntExact(attributes.numbers("explicit_paddings").get(2 * axis));
          default -> 0;
        };
    return Side.of(input, window, stride, padding, output);
  }

  private List<Node> nodes() {
    Node node = op.node();
    String data = node.inputs().get(OpRole.TRANSPOSED_DATA);
    Node kernel = kernel();
    List<Integer> image =
        List.of(rows.outputs(), columns.outputs(), kernel.literal().orElseThrow().shape().get(3));
    MoveChain chain =
        new MoveChain(node, node.id(), data, op.shape(OpRole.TRANSPOSED_DATA))
            .add(OpKind.CONV_2D, List.of(data, kernel.id()), image, attributes());
    Movements.blocksToSpace(chain, rows.stride(), columns.stride())
        .slice(0, rows.first(), 1, rows.length())
        .slice(1, columns.first(), 1, columns.length());
    return Stream.concat(Stream.of(kernel), chain.nodes().stream()).toList();
  }

  private Attributes attributes() {
    return new Attributes(
        Map.of(
            "strides",
            ONES,
            "dilations",
            ONES,
            "explicit_paddings",
            List.of(
                0L,
                0L,
                (long) rows.before(),
                (long) rows.after(),
                (long) columns.before(),
                (long) columns.after(),
                0L,
                0L)),
        Map.of("padding", "EXPLICIT", "data_format", "NHWC"),
        Map.of());
  }

  /** Returns the kernel of the convolution: a channel for each phase and channel of the output. */
  private Node kernel() {
    Literal values = op.literal(OpRole.KERNEL, "kernel");
    int height = values.shape().get(0);
    int width = values.shape().get(1);
    int channels = values.shape().get(2);
    int depth = values.shape().get(3);
    int phases = rows.stride() * columns.stride();
    List<Integer> shape = List.of(rows.window(), columns.window(), depth, phases * channels);
    double[] elements = new double[rows.window() * columns.window() * depth * phases * channels];
    for (int i = 0; i < elements.length; i++) {
      int channel = i % channels;
      int phase = i / channels % phases;
      int in = i / (channels * phases) % depth;
      int column = i / (channels * phases * depth) % columns.window();
      int row = i / (channels * phases * depth) / columns.window();
      int y = rows.place(row, phase / columns.stride());
      int x = columns.place(column, phase % columns.stride());
      if (y < height && x < width) {
        elements[i] = values.elements()[((y * width + x) * channels + channel) * depth + in];
      }
    }
    String id = op.node().inputs().get(OpRole.KERNEL);
    return new Node(
        new Added("%s'%s".formatted(op.node().id(), "kernel"), 0),
        op.node().op(),
        Node.CONSTANT,
        List.of(),
        Optional.empty(),
        new ArrangedKernel(
            new Literal(shape, elements),
            op.graph().node(id).op(),
            IntStream.range(0, phases * channels).mapToObj(i -> i % channels).toList(),
            channels));
  }

  /**
   * The convolution along rows or columns.
   *
   * @param window the elements of its kernel
   * @param stride the phases
   * @param before the zeros before the input
   * @param after the zeros after the input
   * @param outputs the outputs of each phase
   * @param first the first of all outputs that is one of the transposed convolution
   * @param length the length of the transposed convolution's output
   */
  record Side(int window, int stride, int before, int after, int outputs, int first, int length) {

    /**
     * Returns the convolution.
     *
     * @param input the length of the input
     * @param kernel the elements of the kernel
     * @param padding what is cut off before the output
     * @param length the length of the output
     */
    static Side of(int input, int kernel, int stride, int padding, int length) {
      int window = (kernel + stride - 1) / stride;
      // The steps t of the first and the last output. Without a padding, the convolution begins at
      // step window - 1.
      int from = Math.min(window - 1, padding / stride);
      int to = Math.max((padding + length - 1) / stride, input - 1);
      return new Side(
          window,
          stride,
          window - 1 - from,
          to - (input - 1),
          to - from + 1,
          padding - from * stride,
          length);
    }

    /** Returns the place in the kernel of an element of a phase's kernel. */
    int place(int element, int phase) {
      return phase + (window - 1 - element) * stride;
    }
  }
}
