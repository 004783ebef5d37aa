package org.slimquant.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slimquant.io.ProtobufVersion;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.fakequant.SteadyPlacement;
import org.slimquant.runtime.gradient.TrainableForms;
import org.slimquant.runtime.graph.FreezeSwitch;
import org.slimquant.runtime.graph.Sessions;
import org.slimquant.runtime.layer.CallNames;
import org.slimquant.runtime.layer.LayerCalls;
import org.slimquant.runtime.site.FakeQuants;
import org.slimquant.runtime.site.LayerSum;
import org.slimquant.runtime.site.PlannedFormats;
import org.slimquant.runtime.site.QuantizedTensors;
import org.slimquant.runtime.site.SiteInstrumentation;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Quantizes the layers of one graph while it is built.
 *
 * <pre>{@code
 * try (Graph graph = new Graph()) {
 *   Ops tf = Ops.create(graph);
 *   GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
 *   LeNet model = new QuantizedLeNet(tf, quantizer);
 *   Operand<TFloat32> logits = model.logits(images);
 *   System.out.println(quantizer.plan());
 * }
 * }</pre>
 *
 * <p>Creating a quantizer fails with an {@link IllegalStateException} if protobuf-java is older
 * than 3.25.
 *
 * <p>A graph has one quantizer, which all models in it share. Like the graph's construction itself,
 * a quantizer is for one thread at a time; several graphs may be built in several threads.
 */
public class GraphQuantizer {

  private final Graph graph;
  private final QuantizationPlan planned;
  private final QuantizedTensors tensors;
  private final LayerQuantizer layers;
  final LayerBuilder builder;

  /**
   * Creates a quantizer.
   *
   * @param plan the formats that annotations leave to a plan
   * @param instrumentation the ops that each site gets
   * @param trainableForms the replacement of ops by ops with right gradients; none in a graph that
   *     must stay the float model
   */
  @SuppressWarnings("exports") // for the quantizers of this module
  protected GraphQuantizer(
      Graph graph,
      QuantizationPlan plan,
      SiteInstrumentation instrumentation,
      Optional<TrainableForms> trainableForms) {
    // Checked before calibration and training, after which the plan could not be written.
    ProtobufVersion.require();
    this.graph = graph;
    this.planned = plan;
    this.tensors = new QuantizedTensors(graph, instrumentation);
    LayerCalls calls = new LayerCalls(graph);
    this.layers = new LayerQuantizer(graph, calls, tensors, trainableForms);
    this.builder = new LayerBuilder(graph, calls, layers);
  }

  /** Returns a quantizer that fake-quantizes the layers that are added to {@code graph}. */
  public static GraphQuantizer fakeQuant(Graph graph) {
    return fakeQuant(graph, QuantizationPlan.EMPTY);
  }

  /**
   * Returns a quantizer that fake-quantizes the layers that are added to {@code graph}, with the
   * formats of {@code plan} where an annotation gives none.
   *
   * @throws IllegalArgumentException if the plan has a site twice
   */
  public static GraphQuantizer fakeQuant(Graph graph, QuantizationPlan plan) {
    GradientForm form = GradientForm.ofPlatform();
    return new GraphQuantizer(
        graph,
        plan,
        new FakeQuants(new SteadyPlacement(form), new PlannedFormats(plan)),
        Optional.of(new TrainableForms(form)));
  }

  /**
   * Returns the tensors that are quantized so far, and why a bias or a kernel is not; none in a
   * graph that calibrates. In a graph that probes they are those that may be quantized, one at a
   * time. A remark of the quantizer's plan on a site is repeated, if the site has the format that
   * the plan has for it.
   */
  public QuantizationPlan plan() {
    List<Site> sites = tensors.sites();
    return new QuantizationPlan(
        sites,
        Stream.of(remarks(), planned.remarksOn(sites), layers.biasRemarks())
            .flatMap(List::stream)
            .distinct()
            .toList());
  }

  /** Returns the remarks on the sites that layers asked for, whatever ops they have. */
  protected List<Remark> remarks() {
    return Stream.of(tensors.remarks(), layers.remarks()).flatMap(List::stream).toList();
  }

  /** Returns the sums of the layers for whose kernels calibration finds a format. */
  @SuppressWarnings("exports") // for the calibrating quantizer
  protected List<LayerSum> layerSums() {
    return layers.sums();
  }

  /**
   * Returns remarks on the plan's biases with the present values of the variables. Biases beyond
   * the range of 32 bits are clipped: the remark has the value and the clipped value. Others have
   * codes beyond 24 bits, so that float32 does not add them exactly and an integer machine may
   * compute another sum. A clipped bias has no gradient: training does not bring it back into
   * range.
   *
   * @param session a session of the graph, whose variables have values
   * @throws IllegalStateException if variables have no value, or none but their initial ones (see
   *     {@link InitialValues}); the message names them
   * @throws IllegalArgumentException if the session is of another graph, or the quantizer
   *     calibrates
   */
  public List<Remark> checkBiases(Session session) {
    Sessions.requireOf(graph, session, "a check of biases");
    return BiasCodes.remarks(session, tensors.sites());
  }

  /**
   * Returns the switch that freezes the statistics of batch normalizations that train. Feed {@code
   * true} from the step on that you choose, after the moving statistics have settled. From then on
   * the graph computes the codes of a graph for inference, and the moving statistics do not change.
   * If nothing is fed, the batch is normalized by its own statistics.
   *
   * <pre>{@code
   * runner.feed(quantizer.freezeBatchNorms(), TBool.scalarOf(step >= 10_000))
   * }</pre>
   *
   * @throws IllegalStateException if no layer so far has a batch normalization that trains
   */
  public Operand<TBool> freezeBatchNorms() {
    return FreezeSwitch.find(graph)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a layer must have a batch normalization that trains, but none has; build the"
                        + " model first, in its form for training"));
  }

  /** Returns the graph whose layers are quantized. */
  protected Graph graph() {
    return graph;
  }

  /**
   * Walks the graph and returns its faults; none if the graph computes the quantized model of its
   * plan and trains by right gradients. The faults are
   *
   * <ul>
   *   <li>every edge by which a quantized tensor is read around its fake quant. Such an edge comes
   *       from a raw operand that the model kept, for example. The backward pass and the ops that
   *       write, keep or save variables read raw tensors rightly and are not returned;
   *   <li>after gradients are added, every op between variables and a loss whose gradient
   *       TensorFlow computes wrongly: a LogSoftmax of more than a matrix, for example, or a
   *       dilated convolution outside of all layers.
   * </ul>
   */
  public List<Finding> verify() {
    return Verifier.verify(graph, tensors.sites());
  }

  /**
   * Builds a layer and quantizes its kernel, its bias and its output. Generated code calls it.
   *
   * @param quantizer the quantizer of the model; null until the model's constructor has run
   * @param layer the layer's name and formats
   * @param body adds the layer's ops; its exceptions are thrown unchanged
   * @return the quantized output
   * @throws IllegalStateException if the quantizer is still null; if the layer has two kernel ops,
   *     or none although its annotation mentions the kernel; if the kernel is per-channel but its
   *     output channels are not known; if an op has no right gradient; or if the layer returns null
   * @throws IllegalArgumentException if the output is not of the quantizer's graph, if kernel or
   *     output have another format already, or if the kernel's format has exponents for another
   *     number of channels; then the layer is built but not quantized
   */
  public static Operand<TFloat32> layer(
      @Nullable GraphQuantizer quantizer, QuantizedLayer layer, LayerBody body) {
    if (quantizer == null) {
      throw LayerBuilder.noQuantizer(layer);
    }
    return quantizer.builder.build(layer, body);
  }

  /**
   * Makes calls of layers under a name, so that their sites are called {@code
   * block3/conv/SlimQuant/kernel}. Otherwise layers are numbered by call: then one call more or
   * less gives all later calls other sites, which a plan of the network before the change does not
   * fit.
   *
   * <p>A model may use it: without a quantizer it makes the {@code calls} and does nothing else.
   * Nested names are parts of a path. Calls of one layer under one name are numbered.
   *
   * @param name letters, digits, {@code _ . -} and {@code /}
   * @param calls calls layers
   * @return what {@code calls} returns
   * @throws IllegalArgumentException if ops cannot have the name
   */
  public static <T> T named(String name, Supplier<T> calls) {
    return CallNames.within(name, calls);
  }

  /**
   * Quantizes an operand that flows into the layer that is being built. Generated code calls it.
   *
   * @return the quantized operand
   * @throws IllegalStateException if no layer is being built
   * @throws IllegalArgumentException if the operand is not of the quantizer's graph or has another
   *     format already
   */
  public Operand<TFloat32> input(QuantizedInput input, Operand<TFloat32> operand) {
    return builder.quantizeInput(input, operand);
  }

  /** Notes and returns an operand that flows into the layer as it is. Generated code calls it. */
  public <O extends @Nullable Operand<?>> O input(O operand) {
    builder.noteInput(operand);
    return operand;
  }

  /** Notes and returns operands that flow into the layer as they are. Generated code calls it. */
  public <O extends @Nullable Operand<?>> O @Nullable [] inputs(O @Nullable [] operands) {
    if (operands != null) {
      Arrays.asList(operands).forEach(builder::noteInput);
    }
    return operands;
  }

  /** Notes and returns operands that flow into the layer as they are. Generated code calls it. */
  public <I extends @Nullable Iterable<? extends @Nullable Operand<?>>> I inputs(I operands) {
    if (operands != null) {
      operands.forEach(builder::noteInput);
    }
    return operands;
  }
}
