package org.slimquant.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slimquant.deploy.Detail.Quantizer;
import org.slimquant.deploy.MatchLayers.Matched;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.plan.SiteName;

/**
 * Gives ops and tensors their names, and makes the model.
 *
 * <pre>{@code
 * Conv2D ─▶ Relu ─▶ Quantize conv1/SlimQuant/output          op conv1, tensor conv1/SlimQuant/output
 * Conv2D ─▶ Relu ─▶ Quantize Relu' ─▶ MaxPool               op conv1, tensor Relu; the pool's tensor
 *                                                            is conv1/SlimQuant/output
 * conv1/SlimQuant/output ─▶ MaxPool                          op MaxPool, tensor MaxPool
 * }</pre>
 *
 * <p>A tensor has the name under which TensorFlow's session fetches it: its numbers there are those
 * that its codes stand for. Where a fake quant was moved up, it has that of what is rounded there.
 * What TensorFlow does not compute, as a bias was moved up, too, has a name with apostrophes. The
 * input has the name of the placeholder. An op that ends with a layer's output has the layer's
 * name. A name that is taken already gets a number.
 */
final class Allocate {

  private final Set<String> opNames = new HashSet<>();
  private final Set<String> tensorNames = new HashSet<>();
  private final Map<String, IntegerTensor> tensors = new HashMap<>();

  private Allocate() {}

  /**
   * Returns the model of a graph.
   *
   * @param order the graph as it was read
   * @throws UnconvertibleGraphException if something is in the way
   */
  static IntegerModel allocate(
      String name, Dataflow graph, Matched matched, Dataflow order, Refusals refusals) {
    refusals.check(order);
    IntegerTensor input =
        new IntegerTensor(
            matched.input().op(),
            matched.input().shape().orElseThrow(),
            matched.inputFormat().orElseThrow());
    Allocate allocate = new Allocate();
    allocate.tensorNames.add(input.name());
    List<IntegerOp> ops = new ArrayList<>();
    for (Draft draft : matched.drafts()) {
      allocate.op(draft, input, refusals).ifPresent(ops::add);
    }
    refusals.check(order);
    return new IntegerModel(name, input, allocate.tensor(graph.output().id(), input), ops);
  }

  private Optional<IntegerOp> op(Draft draft, IntegerTensor input, Refusals refusals) {
    Node node = draft.output();
    try {
      IntegerTensor output =
          new IntegerTensor(
              unique(tensorName(node), tensorNames), node.shape().orElseThrow(), draft.format());
      tensors.put(node.id(), output);
      List<IntegerTensor> inputs = draft.reads().stream().map(id -> tensor(id, input)).toList();
      return Optional.of(draft.body().make(unique(opName(node), opNames), inputs, output));
    } catch (IllegalArgumentException e) {
      refusals.add(draft.root(), e);
      return Optional.empty();
    }
  }

  /** Returns the tensor of a node. What was not made is the input, rounded. */
  private IntegerTensor tensor(String id, IntegerTensor input) {
    return tensors.getOrDefault(id, input);
  }

  /** One apostrophe is a fake quant that was moved up behind an op of TensorFlow. */
  private static String tensorName(Node node) {
    String name = node.id();
    return name.endsWith("'") && !name.endsWith("''") ? name.substring(0, name.length() - 1) : name;
  }

  private static String opName(Node node) {
    return node.quantizer()
        .map(Quantizer::site)
        .map(
            site ->
                SiteName.parse(site)
                    .filter(name -> name.part().equals(SiteName.OUTPUT))
                    .map(SiteName::call)
                    .orElse(site))
        .orElse(node.op());
  }

  private static String unique(String name, Set<String> taken) {
    String unique = name;
    for (int i = 1; !taken.add(unique); i++) {
      unique = "%s_%d".formatted(name, i);
    }
    return unique;
  }
}
