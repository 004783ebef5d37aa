package org.slimquant.deploy.compile.pass;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.runtime.graph.OpKind;

/**
 * Makes a dilated convolution of the three ops that TensorFlow's Python and Keras write for one.
 *
 * <pre>{@code
 * x ─▶ SpaceToBatchND, d ─▶ Conv2D, VALID ─▶ BiasAdd ─▶ BatchToSpaceND, d ─▶ Relu       before
 * x ─▶ Conv2D, dilations d, explicit paddings ─▶ BiasAdd ─▶ Relu                        after
 * }</pre>
 *
 * <p><b>The same function:</b> SpaceToBatchND deals out the elements of an axis to d images, each
 * of which has every d-th element. The convolution reads neighbours in one image, which are d
 * elements apart in x, and BatchToSpaceND puts the images together again. What is padded before the
 * one and cropped after the other, is padded less. Ops between them that treat each element or each
 * channel by itself, and leave 0 as it is where they stand before the convolution, do the same
 * after as before.
 *
 * <p>A convolution of one axis has it as rows or columns of an image with one row or column, which
 * a Reshape adds and another takes away:
 *
 * <pre>{@code
 * x ─▶ SpaceToBatchND ─▶ Reshape ─▶ Conv2D ─▶ Reshape ─▶ BatchToSpaceND ─▶              before
 * x ─▶ Reshape ─▶ Conv2D, dilations ─▶ Reshape ─▶                                       after
 * }</pre>
 *
 * <p>Another convolution between the two ops is refused: with strides, with padding of its own, or
 * a second one.
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
