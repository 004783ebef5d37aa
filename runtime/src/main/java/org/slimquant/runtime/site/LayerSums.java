package org.slimquant.runtime.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.layer.BiasFinder;
import org.slimquant.runtime.layer.GridWalk;
import org.slimquant.runtime.layer.KernelFinder;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/**
 * The sums of products and bias that the layers of a calibrating graph compute. Calibration must
 * know the magnitude of a bias and the formats whose steps determine the bias's step, because its
 * code has 32 bits:
 *
 * <pre>{@code
 * x ─▶ Conv2D ─▶ BiasAdd ─▶ Relu ─▶           sum: x's site, kernel's site, bias, output's site
 * kernel ─▲        ▲
 *           bias ──┘
 * }</pre>
 */
public final class LayerSums {

  /** Ops whose output differs nowhere by more than the largest difference of their input. */
  private static final Set<String> NOT_STEEPER =
      Set.of(
          "AvgPool",
          "ExpandDims",
          "Identity",
          "MaxPool",
          "MaxPoolV2",
          "Mean",
          "Relu",
          "Relu6",
          "Reshape",
          "Squeeze",
          "Transpose");

  private record Found(
      String site, Edge kernel, List<Edge> biases, int channels, List<Output<?>> outputs) {}

  private final BiasFinder finder;
  private final QuantizedTensors tensors;
  private final List<Found> found = new ArrayList<>();

  public LayerSums(KernelFinder weights, QuantizedTensors tensors) {
    this.finder = new BiasFinder(weights);
    this.tensors = tensors;
  }

  /**
   * Notes the sum of a layer.
   *
   * @param kernel the edge over which the layer reads its kernel
   * @param channels the channels that have an exponent each
   * @param outputs the outputs of the layer
   */
  public void add(
      LayerCall call, Edge kernel, Optional<Channels> channels, List<Output<?>> outputs) {
    int count = channels.map(Channels::count).orElse(1);
    List<Edge> biases = finder.find(call, kernel);
    // Otherwise the quantized graph leaves the bias as it is.
    boolean fit =
        channels.isEmpty()
            || biases.stream().allMatch(bias -> BiasFinder.isAlongChannels(bias, kernel, count));
    found.add(
        new Found(call.siteName(SiteName.BIAS), kernel, fit ? biases : List.of(), count, outputs));
  }

  /** Returns the sums of all layers, in their order. Sites may be added until then. */
  public List<LayerSum> all() {
    GridWalk walk = new GridWalk(tensors::siteOf);
    return found.stream()
        .map(
            sum ->
                new LayerSum(
                    sum.site(),
                    tensors.sitesOf(sum.kernel().source()),
                    walk.originOf(Biases.data(sum.kernel()).source()),
                    sum.biases().stream().<Output<?>>map(Edge::source).toList(),
                    sum.channels(),
                    outputOf(sum)))
        .toList();
  }

  /** Returns the site of the one output in which an error of the sums is no larger. */
  private Optional<String> outputOf(Found sum) {
    return sum.outputs().size() == 1
        ? tensors.siteOf(sum.outputs().get(0)).filter(site -> isNotSteeper(sum))
        : Optional.empty();
  }

  /** Returns whether an error of the sums is no larger in the layer's output. */
  private static boolean isNotSteeper(Found sum) {
    Output<?> tensor = sum.outputs().get(0);
    while (!tensor.op().equals(sum.kernel().reader())) {
      GraphOperation operation = (GraphOperation) tensor.op();
      Optional<Edge> bias =
          sum.biases().stream().filter(edge -> edge.reader().equals(operation)).findFirst();
      if (bias.isPresent()) {
        tensor = BiasFinder.accumulator(bias.get());
      } else if (NOT_STEEPER.contains(operation.type())) {
        tensor = operation.input(0);
      } else {
        return false;
      }
    }
    return true;
  }
}
