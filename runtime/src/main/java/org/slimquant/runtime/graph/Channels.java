package org.slimquant.runtime.graph;

import java.util.List;
import java.util.stream.IntStream;
import org.slimquant.format.PerChannel;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;

/**
 * The output channels of a kernel: the slices that each make one feature of the kernel op's output.
 *
 * <table>
 *   <caption>The place of the channels</caption>
 *   <tr><th>op</th><th>kernel</th><th>channels</th></tr>
 *   <tr><td>Conv, Conv2D, Conv3D</td><td>[…, in, out]</td><td>out</td></tr>
 *   <tr><td>DepthwiseConv2dNative</td><td>[h, w, in, multiplier]</td><td>in * multiplier, in the
 *       order of the output: channel {@code i * multiplier + m}</td></tr>
 *   <tr><td>Conv2DBackpropInput, Conv3DBackpropInputV2</td><td>[…, out, in]</td><td>out</td></tr>
 *   <tr><td>MatMul, BatchMatMul: x * kernel</td><td>[…, in, out], or […, out, in] transposed</td>
 *       <td>out; the matrices of a batch share it</td></tr>
 *   <tr><td>MatMul, BatchMatMul: kernel * x</td><td>[…, out, in], or […, in, out] transposed</td>
 *       <td>out</td></tr>
 *   <tr><td>Einsum</td><td>ij,jk->ik</td><td>k: the one label that the kernel shares with the
 *       output and not with the data</td></tr>
 * </table>
 *
 * @param kernel the shape of the kernel
 * @param axes the axes that count channels, ascending; the last runs fastest
 */
public record Channels(Shape kernel, List<Integer> axes) {

  public Channels {
    axes = List.copyOf(axes);
  }

  /**
   * Returns the channels of the kernel that is read over {@code edge}.
   *
   * @param layer the layer's name, for messages
   * @throws IllegalStateException if the kernel's shape is not known, or if an Einsum leaves open
   *     which axis counts channels
   */
  public static Channels of(Edge edge, String layer) {
    Shape kernel = edge.source().shape();
    if (kernel.isUnknown() || kernel.hasUnknownDimension()) {
      throw new IllegalStateException(
          "the kernel of layer %s must have a known shape to be quantized per channel, but %s has %s"
              .formatted(
                  layer,
                  Operands.name(edge.source()),
                  kernel.isUnknown() ? "none" : "%s".formatted(kernel)));
    }
    return new Channels(kernel, axes(edge, kernel.numDimensions(), layer));
  }

  private static List<Integer> axes(Edge edge, int rank, String layer) {
    GraphOperation operation = edge.reader();
    return switch (operation.type()) {
      case "Conv", "Conv2D", "Conv3D" -> List.of(rank - 1);
      case "DepthwiseConv2dNative" -> List.of(rank - 2, rank - 1);
      case "Conv2DBackpropInput", "Conv3DBackpropInputV2" -> List.of(rank - 2);
      case "MatMul" ->
          List.of(product(edge, rank, edge.index() == 0 ? "transpose_a" : "transpose_b"));
      case "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3" ->
          List.of(product(edge, rank, edge.index() == 0 ? "adj_x" : "adj_y"));
      case "Einsum" -> List.of(EinsumLabels.of(edge).channelAxis(layer));
      default -> throw new IllegalArgumentException("%s has no kernel".formatted(edge));
    };
  }

  /**
   * Returns the axis that a matrix product keeps of its kernel: rows of the first, columns of the
   * second.
   */
  private static int product(Edge edge, int rank, String transposed) {
    boolean columns = (edge.index() == 1) != edge.reader().attributes().getAttrBool(transposed);
    return columns ? rank - 1 : rank - 2;
  }

  /** Returns the number of channels. */
  public int count() {
    return Math.toIntExact(axes.stream().mapToLong(kernel::get).reduce(1, Math::multiplyExact));
  }

  /**
   * Returns the shape in which a value for each channel, in their order, broadcasts to the kernel:
   * {@code [1, 1, 1, out]} for Conv2D.
   */
  public Shape broadcastShape() {
    return Shape.of(
        IntStream.range(0, kernel.numDimensions())
            .mapToLong(axis -> axes.contains(axis) ? kernel.get(axis) : 1)
            .toArray());
  }

  /** Returns the axes along which the elements of one channel lie: the axes to reduce. */
  int[] otherAxes() {
    return IntStream.range(0, kernel.numDimensions())
        .filter(axis -> !axes.contains(axis))
        .toArray();
  }

  /**
   * Checks that {@code format} has an exponent for each channel.
   *
   * @param site the name of the kernel's site, for the message
   * @param remedy the remedy if it has not
   * @throws IllegalArgumentException if it has more or fewer
   */
  public void requireCount(PerChannel format, String site, String remedy) {
    if (format.fracs().size() != count()) {
      throw new IllegalArgumentException(
          ("%s must have an exponent for each output channel, but has %d for %d channels of shape"
                  + " %s; %s")
              .formatted(site, format.fracs().size(), count(), kernel, remedy));
    }
  }
}
