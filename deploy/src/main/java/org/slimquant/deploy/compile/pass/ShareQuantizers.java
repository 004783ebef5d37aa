package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.format.FixedPoint;

/**
 * Replaces several fake quants of one tensor in one format with one fake quant. There can be
 * several if they were moved up from several branches.
 *
 * <pre>{@code
 * images ─┬─▶ Quantize[int8 * 2^-4] ─▶ Reshape ─▶          before
 *         └─▶ Quantize[int8 * 2^-4] ─▶ Conv2D ─▶
 *
 * images ─▶ Quantize[int8 * 2^-4] ─┬─▶ Reshape ─▶          after
 *                                  └─▶ Conv2D ─▶
 * }</pre>
 */
public final class ShareQuantizers implements Pass {

  private record Rounded(String tensor, FixedPoint format) {}

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Map<Rounded, String> first = new HashMap<>();
    Map<String, String> replaced = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node read =
          node.withInputs(
              node.inputs().stream().map(input -> replaced.getOrDefault(input, input)).toList());
      nodes.add(read);
      read.quantizer()
          .map(
              quantizer ->
                  first.putIfAbsent(new Rounded(read.input(), quantizer.format()), read.id()))
          .ifPresent(same -> replaced.put(read.id(), same));
    }
    return graph.with(nodes, output -> replaced.getOrDefault(output, output));
  }
}
