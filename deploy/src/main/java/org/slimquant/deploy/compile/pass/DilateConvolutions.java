package org.slimquant.deploy.compile.pass;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;

/**
 * Replaces the three ops that TensorFlow's Python and Keras write for a dilated convolution with
 * one op.
 *
 * <pre>{@code
 * x ─▶ SpaceToBatchND, d ─▶ Conv2D, VALID ─▶ BiasAdd ─▶ BatchToSpaceND, d ─▶ Relu       before
 * x ─▶ Conv2D, dilations d, explicit paddings ─▶ BiasAdd ─▶ Relu                        after
 * }</pre>
 *
 * <p><b>The same function:</b> SpaceToBatchND distributes the elements of an axis over d images,
 * each of which has every d-th element. The convolution reads neighbours in one image, which are d
 * elements apart in x, and BatchToSpaceND merges the images again. Pixels that SpaceToBatchND pads
 * and BatchToSpaceND crops are not padded. Ops between them that treat each element or each channel
 * by itself compute the same in the new graph. If they come before the convolution, they must also
 * leave 0 as it is.
 *
 * <p>A convolution over one axis has this axis as the rows or columns of an image with one column
 * or row. A Reshape adds the axis of one element, and another removes it:
 *
 * <pre>{@code
 * x ─▶ SpaceToBatchND ─▶ Reshape ─▶ Conv2D ─▶ Reshape ─▶ BatchToSpaceND ─▶              before
 * x ─▶ Reshape ─▶ Conv2D, dilations ─▶ Reshape ─▶                                       after
 * }</pre>
 *
 * <p>Other convolutions between the two ops are refused: a convolution with strides or with padding
 * of its own, and a second convolution.
 */
public final class DilateConvolutions implements Pass {

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Map<String, Node> nodes = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      nodes.put(node.id(), node);
      if (node.is(OpKind.BATCH_TO_SPACE_ND)) {
        try {
          SpacedConvolution spaced = SpacedConvolution.of(nodes, node);
          DilatedConvolution.of(spaced).nodes().forEach(made -> nodes.put(made.id(), made));
        } catch (NotDilatedException e) {
          refusals.add(node, e.reason(), e.remedy());
        }
      }
    }
    return graph.with(nodes.values());
  }
}
