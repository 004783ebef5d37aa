package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.SiteName;
import org.slimquant.runtime.Biases.LayerBiases;
import org.slimquant.runtime.QuantizedTensors.Quantized;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/**
 * Quantizes the inputs, the kernel, the bias and the output of layers that are built, each at its
 * site.
 */
final class LayerQuantizer {

  private final Graph graph;
  private final LayerCalls calls;
  private final QuantizedTensors tensors;
  private final KernelFinder kernelFinder = new KernelFinder();
  private final OriginFinder origins = new OriginFinder(kernelFinder);
  private final Biases biases;
  private final LayerSums sums;
  private final Optional<TrainableForms> trainableForms;
  private final List<Remark> remarks = new ArrayList<>();

  LayerQuantizer(
      Graph graph,
      LayerCalls calls,
      QuantizedTensors tensors,
      Optional<TrainableForms> trainableForms) {
    this.graph = graph;
    this.calls = calls;
    this.tensors = tensors;
    this.trainableForms = trainableForms;
    this.biases = new Biases(kernelFinder, tensors);
    this.sums = new LayerSums(kernelFinder, tensors);
  }

  /** Returns which layers have no kernel that could be quantized, and why. */
  List<Remark> remarks() {
    return List.copyOf(remarks);
  }

  /** Returns which biases are not quantized, and why. */
  List<Remark> biasRemarks() {
    return biases.remarks();
  }

  /** Returns the sums of the layers that are observed so far; none in a graph that is quantized. */
  List<ObservedSum> observedSums() {
    return sums.observed();
  }

  /** Quantizes an operand that flows into a layer, and returns it quantized. */
  Output<TFloat32> quantizeInput(LayerCall call, QuantizedInput input, Output<TFloat32> operand) {
    return tensors
        .quantize(
            SiteRequest.of(
                call.siteName(input.name()),
                Kind.INPUT,
                operand,
                input.format(),
                () -> origins.input(operand)))
        .output();
  }

  /**
   * Quantizes what a layer computes with, and its output.
   *
   * @return the quantized output
   * @throws IllegalStateException as {@link GraphQuantizer#layer} says
   * @throws IllegalArgumentException as {@link GraphQuantizer#layer} says
   */
  Output<TFloat32> quantize(LayerCall call, @Nullable Operand<TFloat32> output) {
    QuantizedLayer layer = call.layer();
    if (output == null) {
      throw new IllegalStateException(
          "layer %s must return its output, but returns null".formatted(layer.name()));
    }
    Operands.requireInGraph(graph, output, "the output of layer %s".formatted(layer.name()));
    Optional<Edge> kernelEdge = kernelFinder.find(call);
    if (kernelEdge.isEmpty() && layer.kernelRequired()) {
      throw new IllegalStateException(
          ("layer %s must have a kernel op, because its annotation speaks of the kernel, but none of"
                  + " its ops reads a variable or constant as its kernel; take out kernelBits,"
                  + " kernelFrac and perChannel")
              .formatted(layer.name()));
    }
    // All checks come before the first change, so that an error leaves the layer whole.
    Optional<SiteRequest> kernel =
        kernelEdge.map(
            edge ->
                SiteRequest.kernel(
                    call.siteName(SiteName.KERNEL), edge, layer, () -> origins.kernel(edge)));
    SiteRequest outputRequest =
        SiteRequest.of(
            call.siteName(SiteName.OUTPUT),
            Kind.OUTPUT,
            output.asOutput(),
            layer.output(),
            () -> origins.output(call, output.asOutput()));
    Optional<Format> kernelFormat = kernel.flatMap(tensors::requireOneFormat);
    LayerBiases layerBiases =
        kernelFormat
            .map(format -> biases.find(call, kernelEdge.orElseThrow(), format))
            .orElse(LayerBiases.NONE);
    tensors.requireOneFormat(outputRequest);
    trainableForms.ifPresent(forms -> forms.check(call));

    kernel
        .map(tensors::quantize)
        .ifPresent(quantized -> reroute(kernelEdge.orElseThrow(), quantized));
    biases.quantize(layerBiases);
    // Calibration has still to choose the format, and the bias must fit what it chooses.
    kernel
        .filter(request -> kernelFormat.isEmpty())
        .ifPresent(
            request ->
                sums.add(call, kernelEdge.orElseThrow(), request.channels(), output.asOutput()));
    if (kernel.isEmpty()) {
      kernelFinder.remark(call).ifPresent(remarks::add);
    }
    return quantizeOutput(applyTrainableForms(call, outputRequest));
  }

  /** Lets a form stand for each op whose gradient is wrong; the output may be what a form makes. */
  private SiteRequest applyTrainableForms(LayerCall call, SiteRequest output) {
    if (trainableForms.isEmpty()) {
      return output;
    }
    // The forms hold ops with kernels, which are none of the layer around this one.
    calls.noteNewOperations();
    Output<?> result = trainableForms.get().apply(call, output.tensor());
    calls.passOverNewOperations();
    return output.withTensor(result);
  }

  private Output<TFloat32> quantizeOutput(SiteRequest request) {
    List<Edge> readers = NativeGraph.readers(request.tensor());
    Quantized quantized = tensors.quantize(request);
    readers.stream()
        .filter(edge -> !edge.isWithin(quantized.site()))
        .filter(edge -> !edge.keepsVariable())
        .forEach(edge -> reroute(edge, quantized));
    kernelFinder.addActivation(quantized.output());
    return quantized.output();
  }

  /** Makes {@code edge} read what stands in its tensor's place, which may be the tensor itself. */
  private static void reroute(Edge edge, Quantized quantized) {
    if (!edge.source().equals(quantized.output())) {
      NativeGraph.reroute(edge, quantized.output());
    }
  }
}
