package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.deploy.compile.graph.NodePayload.BuiltModel;
import org.slimquant.deploy.compile.graph.NodePayload.Quantizer;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.PendingOp;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;

/**
 * Makes the model, and names its ops and tensors.
 *
 * <pre>{@code
 * images ─▶ Quantize ─▶ Pending[Conv2D] ─▶ Pending[MaxPool] ─▶          before
 * Model ─▶                                                              after
 *
 * Conv2D ─▶ Relu ─▶ Quantize conv1/SlimQuant/output          op conv1, tensor conv1/SlimQuant/output
 * Conv2D ─▶ Relu ─▶ Quantize Relu' ─▶ MaxPool               op conv1, tensor Relu; the pool's tensor
 *                                                            is conv1/SlimQuant/output
 * conv1/SlimQuant/output ─▶ MaxPool                          op MaxPool, tensor MaxPool
 * }</pre>
 *
 * <p>A tensor has the name under which TensorFlow's session fetches it, and its codes represent the
 * numbers that the session returns. If a fake quant was moved up, the tensor has the name of the
 * tensor that is rounded there. If a bias was moved up too, TensorFlow does not compute the tensor,
 * and its name has apostrophes. An input has the name of its placeholder. An op that ends with a
 * layer's output has the layer's name. A name that is taken already gets a number.
 *
 * <p>If an op is refused, the graph stays as it is.
 */
public final class BuildModel implements Pass {

  private final String name;

  /** Creates the pass for a model with a name. */
  public BuildModel(String name) {
    this.name = name;
  }

  @Override
  public OpGraph apply(OpGraph graph, Refusals refusals) {
    Node last = graph.node(graph.outputs().get(0));
    if (last.is(Node.MODEL) || !refusals.isEmpty()) {
      return graph;
    }
    Building building = new Building(refusals);
    graph.inputs().forEach(input -> building.addInput(graph, input));
    graph.nodes().forEach(node -> node.pending().ifPresent(op -> building.add(node, op)));
    if (!refusals.isEmpty()) {
      return graph;
    }
    IntegerModel model =
        new IntegerModel(
            name,
            building.inputs,
            graph.outputs().stream().map(building::tensor).toList(),
            building.ops);
    Node made = last.as(Node.MODEL, List.of(), new BuiltModel(model));
    return OpGraph.of(List.of(made), graph.inputs(), List.of(made.id()))
        .endingAt(List.of(made.id()), graph.outside());
  }

  /** The ops and tensors that are made already. */
  private static final class Building {

    private final Refusals refusals;
    private final List<IntegerTensor> inputs = new ArrayList<>();
    private final Set<String> opNames = new HashSet<>();
    private final Set<String> tensorNames = new HashSet<>();
    private final Map<String, IntegerTensor> tensors = new HashMap<>();
    private final List<IntegerOp> ops = new ArrayList<>();

    Building(Refusals refusals) {
      this.refusals = refusals;
    }

    /** Adds the tensor of an input, with the format of its fake quant. */
    void addInput(OpGraph graph, String id) {
      Node input = graph.node(id);
      Node quantize =
          graph.nodes().stream()
              .filter(node -> node.is(Node.QUANTIZE) && node.input().equals(id))
              .findFirst()
              .orElseThrow();
      IntegerTensor tensor =
          new IntegerTensor(
              unique(input.op(), tensorNames),
              input.shape().orElseThrow(),
              quantize.quantizer().map(Quantizer::format).orElseThrow());
      inputs.add(tensor);
      tensors.put(quantize.id(), tensor);
    }

    void add(Node node, PendingOp op) {
      try {
        IntegerTensor output =
            new IntegerTensor(
                unique(node.tensorName(), tensorNames), node.shape().orElseThrow(), op.format());
        tensors.put(node.id(), output);
        List<IntegerTensor> inputs = node.inputs().stream().map(this::tensor).toList();
        ops.add(op.body().make(unique(op.name(), opNames), inputs, output));
      } catch (IllegalArgumentException e) {
        refusals.add(op.root(), e);
      }
    }

    IntegerTensor tensor(String id) {
      return Objects.requireNonNull(tensors.get(id), id);
    }

    private static String unique(String name, Set<String> taken) {
      String unique = name;
      for (int i = 1; !taken.add(unique); i++) {
        unique = "%s_%d".formatted(name, i);
      }
      return unique;
    }
  }
}
