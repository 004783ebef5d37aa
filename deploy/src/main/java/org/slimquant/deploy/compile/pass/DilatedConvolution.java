package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.deploy.compile.graph.Added;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload;
import org.slimquant.deploy.compile.graph.NodePayload.Attributes;
import org.slimquant.runtime.graph.OpKind;

/**
 * The dilated convolution that computes the same as a {@link SpacedConvolution}.
 *
 * <pre>{@code
 * x ─▶ SpaceToBatchND ─▶ Quantize ─▶ Conv2D ─▶ Relu ─▶ BatchToSpaceND y          before
 * x ─▶ Quantize x' ─▶ Conv2D, dilations Conv2D'' ─▶ Relu y                       after
 * }</pre>
 *
 * @param shape the shape of an example of its output
 * @param unit the axis of one element that the convolution's image has and the spaced tensor does
 *     not have
 */
record DilatedConvolution(SpacedConvolution spaced, List<Integer> shape, Optional<Integer> unit) {

  /**
   * Returns the dilated convolution for a spaced convolution.
   *
   * @throws NotDilatedException if no dilated convolution computes the same
   */
  static DilatedConvolution of(SpacedConvolution spaced) {
    return new DilatedConvolution(
        spaced, SpacedConvolution.shape(spaced.last()), spaced.unitAxis());
  }

  /**
   * Returns its nodes; the last has the id of the BatchToSpaceND.
   *
   * @throws NotDilatedException if more is cropped than was padded
   */
  List<Node> nodes() {
    List<Node> chain = new ArrayList<>(spaced.before());
    chain.add(spaced.convolution());
    chain.addAll(spaced.after());
    List<Node> made = new ArrayList<>();
    Node read = spaced.node(spaced.first().input());
    List<Integer> image = SpacedConvolution.shape(read);
    boolean inImage = unit.isEmpty();
    for (int i = 0; i < chain.size(); i++) {
      Node node = chain.get(i);
      boolean convolves = i == spaced.before().size();
      if (convolves) {
        image = shape;
      } else if (node.is(OpKind.RESHAPE)) {
        inImage = !inImage;
      }
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.set(spaced.data(node), read.id());
      Optional<List<Integer>> computed =
          Optional.of(
              inImage && unit.isPresent() ? SpacedConvolution.withUnit(image, unit.get()) : image);
      NodePayload payload = convolves ? attributes() : node.payload();
      if (i == chain.size() - 1) {
        Node last = spaced.last();
        read = new Node(last.id(), node.op(), node.type(), inputs, computed, payload, last.added());
      } else {
        // A fake quant before the convolution rounds the input of the first op.
        Added added =
            i < spaced.before().size() && node.is(Node.QUANTIZE)
                ? Added.behind(read, spaced.nodes()::containsKey)
                : Added.behind(node, 2, spaced.nodes()::containsKey);
        read = new Node(added, node.op(), node.type(), inputs, computed, payload);
      }
      made.add(read);
    }
    return made;
  }

  private Attributes attributes() {
    List<Integer> blocks = spaced.blocks(spaced.first());
    List<Integer> paddings = spaced.integers(spaced.first(), 2, "padding");
    List<Integer> crops = spaced.integers(spaced.last(), 2, "crop");
    Long[] dilations = {1L, 1L, 1L, 1L};
    Long[] explicit = {0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L};
    for (int i = 0; i < blocks.size(); i++) {
      // The axis of the image, after the batch.
      int axis = 1 + (unit.isPresent() && i >= unit.get() ? i + 1 : i);
      int padBefore = paddings.get(2 * i) - crops.get(2 * i);
      int padAfter = paddings.get(2 * i + 1) - crops.get(2 * i + 1);
      boolean channels = axis == 3;
      if (padBefore < 0 || padAfter < 0 || (channels && blocks.get(i) != 1)) {
        throw new NotDilatedException(
            "it crops %s of what %s pads %s, with blocks %s"
                .formatted(crops, spaced.first().op(), paddings, blocks),
            "crop no more than was padded, and let the blocks be of rows and columns");
      }
      dilations[axis] = (long) blocks.get(i);
      explicit[2 * axis] = (long) padBefore;
      explicit[2 * axis + 1] = (long) padAfter;
    }
    return spaced
        .convolution()
        .attributes()
        .with(
            Map.of("dilations", List.of(dilations), "explicit_paddings", List.of(explicit)),
            Map.of("padding", "EXPLICIT"));
  }
}
