package org.slimquant.deploy.compile.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * and its name has apostrophes. The input has the name of the placeholder. An op that ends with a
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
    if (graph.output().is(Node.MODEL) || !refusals.isEmpty()) {
      return graph;
    }
    Building building = new Building(input(graph), refusals);
    graph.nodes().forEach(node -> node.pending().ifPresent(op -> building.add(node, op)));
    if (!refusals.isEmpty()) {
      return graph;
    }
    Node output = graph.output();
    IntegerModel model =
        new IntegerModel(name, building.input, building.tensor(output.id()), building.ops);
    return graph.with(List.of(output.as(Node.MODEL, List.of(), new BuiltModel(model))));
  }

  /** Returns the tensor of the input, with the format of its fake quant. */
  private static IntegerTensor input(OpGraph graph) {
    Node quantize =
        graph.nodes().stream().filter(node -> node.is(Node.QUANTIZE)).findFirst().orElseThrow();
    Node input = graph.node(quantize.input());
    return new IntegerTensor(
        input.op(),
        input.shape().orElseThrow(),
        quantize.quantizer().map(Quantizer::format).orElseThrow());
  }

  /** The ops and tensors that are made already. */
  private static final class Building {

    private final IntegerTensor input;
    private final Refusals refusals;
    private final Set<String> opNames = new HashSet<>();
    private final Set<String> tensorNames = new HashSet<>();
    private final Map<String, IntegerTensor> tensors = new HashMap<>();
    private final List<IntegerOp> ops = new ArrayList<>();

    Building(IntegerTensor input, Refusals refusals) {
      this.input = input;
      this.refusals = refusals;
      tensorNames.add(input.name());
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

    /** Returns the tensor of a node. A tensor that was not made is the rounded input. */
    IntegerTensor tensor(String id) {
      return tensors.getOrDefault(id, input);
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
