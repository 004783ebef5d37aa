package org.slimquant.runtime.fakequant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.Devices;
import org.slimquant.runtime.graph.Primitives;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Rounds at the one site whose number is fed, with steps that are scaled by a fed power of two. If
 * nothing is fed, it rounds at no site, and the graph computes the float model.
 *
 * <pre>{@code
 *           SlimQuant/probe/site ─▶ (= number) ──┐
 *                                                ▼
 * x ─┬─▶ FakeQuantWithMinMaxVars ─▶ stop ─▶ Select ─▶
 *    │              ▲                            ▲
 *    │   bounds * SlimQuant/probe/factor         │
 *    └───────────────────────────────────────────┘
 * }</pre>
 *
 * <p>The bounds of a format times a power of two are those of the format with another exponent. So
 * the op is that of {@link PerTensorFakeQuant} with these bounds, and its values are the same bit
 * for bit. The steps of a kernel's channels are all scaled together. The grid of a bias follows
 * from other formats and is not scaled.
 *
 * <p>One number is fed for all sites, and not a switch for each, because a session prepares and
 * keeps a graph for every set of tensors that it is fed. With Select, the input that is not chosen
 * is computed too: a pass over the tensor. A Switch and a Merge would save it, but they have no
 * gradient in TensorFlow's C++ library. With Select the graph trains like the float model.
 */
public final class ProbePlacement implements FakeQuantPlacement {

  private static final String SCOPE = "SlimQuant/probe/";

  private static final String SITE = SCOPE + "site";
  private static final String FACTOR = SCOPE + "factor";

  /** A number that no site has. */
  public static final int NO_SITE = -1;

  private final Graph graph;
  private final Output<TInt32> site;
  private final Output<TFloat32> factor;
  private final List<Site> sites = new ArrayList<>();

  /**
   * Adds the placeholders that choose the quantized site.
   *
   * @throws IllegalArgumentException if the graph has it already
   */
  public ProbePlacement(Graph graph) {
    if (graph.operation(SITE) != null) {
      throw new IllegalArgumentException(
          "a graph must have one quantizer that probes, but has one already; share it, or build"
              + " the model in a graph of its own");
    }
    this.graph = graph;
    this.site = placeholder(SITE, DataType.DT_INT32, integer(SITE + "/none", NO_SITE));
    this.factor =
        placeholder(
            FACTOR, DataType.DT_FLOAT, Primitives.sharedConstant(graph, FACTOR + "/one", 1));
  }

  /** Returns the placeholder for the number of the site that is quantized. */
  public Output<TInt32> site() {
    return site;
  }

  /**
   * Returns the placeholder for the power of two that the steps of that site are multiplied with.
   */
  public Output<TFloat32> factor() {
    return factor;
  }

  /** Returns the sites; the number of each is its index. */
  public List<Site> sites() {
    return List.copyOf(sites);
  }

  /** Returns whether {@code operation} chooses the quantized site: it is fed, but is no data. */
  public static boolean isSwitch(GraphOperation operation) {
    return operation.name().equals(SITE) || operation.name().equals(FACTOR);
  }

  /** Returns the fake quant that {@code operation} selects or not, if it belongs to a probe. */
  public static Optional<GraphOperation> fakeQuant(GraphOperation operation) {
    if (!operation.type().equals("Select")) {
      return Optional.empty();
    }
    GraphOperation stop = (GraphOperation) operation.input(1).op();
    return stop.type().equals("StopGradient") && stop.name().equals(operation.name() + "/stop")
        ? Optional.of((GraphOperation) stop.input(0).op())
        : Optional.empty();
  }

  @Override
  public Output<TFloat32> add(Site site, Output<?> tensor, Optional<Channels> channels) {
    Scope scope = Devices.beside(tensor);
    String name = site.name();
    Output<TFloat32> rounded = round(scope, site, tensor, channels);
    Output<TFloat32> stopped = Primitives.op(scope, "StopGradient", name + "/stop", rounded);
    Output<?> number = integer(name + "/number", sites.size());
    Output<?> chosen =
        Primitives.op(graph.baseScope(), "Equal", name + "/chosen", this.site, number);
    sites.add(site);
    return Primitives.op(scope, "Select", name, chosen, stopped, tensor);
  }

  private Output<TFloat32> round(
      Scope scope, Site site, Output<?> tensor, Optional<Channels> channels) {
    String name = site.name() + "/rounded";
    if (site.format() instanceof FixedPoint format) {
      return PerTensorFakeQuant.round(
          scope,
          name,
          tensor,
          format,
          bound(format, PerTensorFakeQuant.Bound.MIN),
          bound(format, PerTensorFakeQuant.Bound.MAX));
    }
    if (site.format() instanceof PerChannel format) {
      Shape shape = channels.orElseThrow().broadcastShape();
      Output<TFloat32> inverse =
          Primitives.powersOfTwo(graph, name + "/inverse", shape, format.fracs(), -1);
      Output<TFloat32> step =
          Primitives.powersOfTwo(graph, name + "/step", shape, format.fracs(), 1);
      return PerChannelFakeQuant.add(
          scope,
          name,
          tensor,
          format.bits(),
          Primitives.op(scope, "RealDiv", name + "/scaledInverse", inverse, factor),
          Primitives.op(scope, "Mul", name + "/scaledStep", step, factor),
          GradientForm.REGISTERED); // one op; its gradient is stopped
    }
    if (site.format() instanceof BiasFormat format) {
      return BiasFakeQuant.add(scope, name, tensor, format);
    }
    throw new AssertionError(site);
  }

  /** Returns the scaled bound of a format, which the graph has once. */
  private Output<TFloat32> bound(FixedPoint format, PerTensorFakeQuant.Bound bound) {
    String name = SCOPE + PerTensorFakeQuant.boundName(format, bound);
    GraphOperation existing = graph.operation(name);
    return existing != null
        ? existing.output(0)
        : Primitives.op(
            graph.baseScope(), "Mul", name, PerTensorFakeQuant.bound(graph, format, bound), factor);
  }

  private <T extends TType> Output<T> placeholder(String name, DataType type, Output<?> value) {
    return graph
        .opBuilder("PlaceholderWithDefault", name, graph.baseScope())
        .addInput(value)
        .setAttr("dtype", type)
        .setAttr("shape", Shape.scalar())
        .build()
        .output(0);
  }

  private Output<?> integer(String name, int value) {
    try (TInt32 element = TInt32.scalarOf(value)) {
      return graph
          .opBuilder("Const", name, graph.baseScope())
          .setAttr("dtype", DataType.DT_INT32)
          .setAttr("value", element)
          .build()
          .output(0);
    }
  }
}
