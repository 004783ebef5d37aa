package org.slimquant.deploy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slimquant.deploy.Compilation.OutsideOp;
import org.slimquant.deploy.compile.graph.GraphReader;
import org.slimquant.deploy.compile.graph.ModelInput;
import org.slimquant.deploy.compile.graph.OpGraph;
import org.slimquant.deploy.compile.graph.Refusals;
import org.slimquant.deploy.compile.graph.Refused;
import org.slimquant.deploy.compile.pass.BuildModel;
import org.slimquant.deploy.compile.pass.ComposeMirrorPads;
import org.slimquant.deploy.compile.pass.ComposeMovements;
import org.slimquant.deploy.compile.pass.ConvolveFactors;
import org.slimquant.deploy.compile.pass.ConvolveRows;
import org.slimquant.deploy.compile.pass.DilateConvolutions;
import org.slimquant.deploy.compile.pass.DropDropout;
import org.slimquant.deploy.compile.pass.DropIdentities;
import org.slimquant.deploy.compile.pass.EndBeforeScores;
import org.slimquant.deploy.compile.pass.FoldClamps;
import org.slimquant.deploy.compile.pass.FoldQuantizers;
import org.slimquant.deploy.compile.pass.FreezeWeights;
import org.slimquant.deploy.compile.pass.InferShapes;
import org.slimquant.deploy.compile.pass.KeepBatches;
import org.slimquant.deploy.compile.pass.MatchLayers;
import org.slimquant.deploy.compile.pass.MoveQuantizersUp;
import org.slimquant.deploy.compile.pass.Pass;
import org.slimquant.deploy.compile.pass.RefuseClippedBiases;
import org.slimquant.deploy.compile.pass.RequirePlannedGraph;
import org.slimquant.deploy.compile.pass.SettleShapes;
import org.slimquant.deploy.compile.pass.ShareQuantizers;
import org.slimquant.deploy.compile.pass.SlideReductions;
import org.slimquant.deploy.compile.pass.TabulateFunctions;
import org.slimquant.model.IntegerModel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;

/**
 * Compiles a quantized graph to an integer model.
 *
 * <pre>{@code
 * IntegerModel model = IntegerCompiler.compile(session, quantizer.plan(), images, logits);
 * model.write(Path.of("lenet.slmq"));
 * int[] kernel = model.layer("conv1").kernel().codes().toArray();
 * }</pre>
 *
 * <p>The model computes the codes of the numbers that the graph computes. The ops between two fake
 * quants become integer arithmetic with the same function, or they are refused. Nothing is computed
 * in floats, and no weight is rounded again. A bias that does not fit in its 32 bits is refused
 * too, because the graph then adds another number than the variable has. The compiler does not
 * check whether float32 itself rounds between two fake quants.
 *
 * <p>Softmax, LogSoftmax, Sigmoid, ArgMax and Cast at the very end stay outside. The model ends
 * before them, and {@link Compilation#outside} lists them.
 *
 * <p>Batches have any size, even where the placeholder's is fixed.
 */
public final class IntegerCompiler {

  private static final String NAME = "model";

  private IntegerCompiler() {}

  /**
   * Returns the integer model, called {@code model}, of a graph. If two models of this name are
   * exported to C in one folder, the second replaces the first. Use the other method to give each
   * model a name.
   *
   * @param session a session of the graph, whose variables have the values to freeze
   * @param plan the plan of the quantizer that built the graph, or one that was read from a file
   * @param input the placeholder of the model's input, whose shape is known except for the batch.
   *     If ops stay outside: a tensor between the placeholder and the first fake quant. Or a
   *     quantized tensor of the plan, as a layer or {@code quantizer.input} returned it. Then the
   *     model begins with the tensor that is rounded there
   * @param output the logits, or a tensor that is computed from them
   * @throws UnconvertibleGraphException if the graph has ops that integers cannot compute; the
   *     message has all of them
   * @throws IllegalStateException if variables have no value, or only their initial ones (see
   *     {@link InitialValues}); the message names them
   * @throws IllegalArgumentException if a tensor is not of the session's graph, the graph was not
   *     built with the plan, the input is a kernel or a bias, or the output does not depend on it
   */
  public static IntegerModel compile(
      Session session, QuantizationPlan plan, Operand<?> input, Operand<?> output) {
    return compile(NAME, session, plan, input, output).model();
  }

  /**
   * Returns the integer model of a graph, and the ops of the graph that are not in it.
   *
   * @param name the model's name, which exporters use for the names of their files
   * @param session a session of the graph, whose variables have the values to freeze
   * @param plan the plan of the quantizer that built the graph, or one that was read from a file
   * @param input the placeholder of the model's input, whose shape is known except for the batch.
   *     If ops stay outside: a tensor between the placeholder and the first fake quant. Or a
   *     quantized tensor of the plan, as a layer or {@code quantizer.input} returned it. Then the
   *     model begins with the tensor that is rounded there
   * @param output the logits, or a tensor that is computed from them
   * @throws UnconvertibleGraphException if the graph has ops that integers cannot compute; the
   *     message has all of them
   * @throws IllegalStateException if variables have no value, or only their initial ones (see
   *     {@link InitialValues}); the message names them
   * @throws IllegalArgumentException if the name is empty, a tensor is not of the session's graph,
   *     the graph was not built with the plan, the input is a kernel or a bias, or the output does
   *     not depend on it
   */
  public static Compilation compile(
      String name, Session session, QuantizationPlan plan, Operand<?> input, Operand<?> output) {
    return compile(name, session, plan, List.of(input), List.of(output));
  }

  /**
   * Returns the integer model of a graph with several inputs and outputs, and the ops of the graph
   * that are not in it.
   *
   * <p>What several outputs need is computed once.
   *
   * @param name the model's name, which exporters use for the names of their files
   * @param session a session of the graph, whose variables have the values to freeze
   * @param plan the plan of the quantizer that built the graph, or one that was read from a file
   * @param inputs the model's inputs, in its order: each as for a model with one
   * @param outputs the model's outputs, in its order: each as for a model with one
   * @throws UnconvertibleGraphException if the graph has ops that integers cannot compute; the
   *     message has all of them
   * @throws IllegalStateException if variables have no value, or only their initial ones (see
   *     {@link InitialValues}); the message names them
   * @throws IllegalArgumentException if the name or a list is empty, a tensor is listed twice or is
   *     not of the session's graph, the graph was not built with the plan, an input is a kernel or
   *     a bias, no output depends on an input, or an output depends on no input
   */
  public static Compilation compile(
      String name,
      Session session,
      QuantizationPlan plan,
      List<? extends Operand<?>> inputs,
      List<? extends Operand<?>> outputs) {
    List<Output<?>> given = new ArrayList<>();
    for (Operand<?> input : inputs) {
      requireInGraph(session, input.asOutput(), "input");
      given.add(ModelInput.of(plan, input.asOutput()));
    }
    List<Output<?>> last = new ArrayList<>();
    for (Operand<?> output : outputs) {
      requireInGraph(session, output.asOutput(), "output");
      last.add(output.asOutput());
    }
    requireDifferent(given, "input");
    requireDifferent(last, "output");
    OpGraph read = GraphReader.read(given, last);
    Refusals refusals = new Refusals();
    OpGraph graph = read;
    for (Pass pass : passes(name, session, plan, given)) {
      graph = pass.apply(graph, refusals);
    }
    requireNone(refusals.inOrderOf(read));
    return new Compilation(
        graph.node(graph.outputs().get(0)).model().orElseThrow(),
        graph.outside().stream().map(node -> new OutsideOp(node.op(), node.type())).toList());
  }

  /** Returns the passes from TensorFlow's graph to the model, in order. */
  @SuppressWarnings("exports") // for tests of the passes
  public static List<Pass> passes(
      String name, Session session, QuantizationPlan plan, List<Output<?>> inputs) {
    return List.of(
        new InferShapes(session.graph(), inputs),
        new DropDropout(session),
        new DropIdentities(),
        new EndBeforeScores(),
        new FreezeWeights(session),
        new RefuseClippedBiases(session),
        new SettleShapes(),
        new SlideReductions(),
        new ComposeMovements(),
        new FoldQuantizers(plan),
        new FoldClamps(),
        new KeepBatches(),
        new ConvolveRows(),
        new ConvolveFactors(),
        new DilateConvolutions(),
        new MoveQuantizersUp(),
        new ComposeMirrorPads(),
        new ShareQuantizers(),
        new TabulateFunctions(session),
        new MatchLayers(plan),
        new RequirePlannedGraph(session.graph(), plan),
        new BuildModel(name));
  }

  private static void requireNone(List<Refused> refused) {
    if (!refused.isEmpty()) {
      throw new UnconvertibleGraphException(
          refused.stream()
              .map(
                  one ->
                      new Refusal(
                          one.node().op(),
                          one.node().typeInTensorFlow(),
                          one.reason(),
                          one.remedy()))
              .toList());
    }
  }

  private static void requireInGraph(Session session, Output<?> tensor, String what) {
    GraphOperation operation = session.graph().operation(tensor.op().name());
    if (operation == null || !operation.equals(tensor.op())) {
      throw new IllegalArgumentException(
          "the %s must be a tensor of the session's graph, but %s is not; take the operand from that graph"
              .formatted(what, tensor.op().name()));
    }
  }

  private static void requireDifferent(List<Output<?>> tensors, String what) {
    if (tensors.isEmpty()) {
      throw new IllegalArgumentException(
          "a model must have an %s, but the list of %ss is empty; list one".formatted(what, what));
    }
    Set<Output<?>> seen = new HashSet<>();
    for (Output<?> tensor : tensors) {
      if (!seen.add(tensor)) {
        throw new IllegalArgumentException(
            "the %ss of a model must be different tensors, but %s is listed twice; list it once"
                .formatted(what, GraphReader.id(tensor)));
      }
    }
  }
}
