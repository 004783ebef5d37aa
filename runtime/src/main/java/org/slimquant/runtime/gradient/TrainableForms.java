package org.slimquant.runtime.gradient;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.slimquant.runtime.fakequant.GradientForm;
import org.slimquant.runtime.graph.Devices;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.graph.Primitives;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.GraphOperation;
import org.tensorflow.OperationAttributeInspector;
import org.tensorflow.Output;
import org.tensorflow.op.Scope;

/**
 * Gives the ops of a layer the forms of {@link TrainableForm}.
 *
 * <pre>{@code
 * x ─▶ Conv2d, dilations 2 ─▶ BiasAdd                                              before
 *
 * x ─┬─▶ Conv2d, dilations 2                                                       after
 *    └─▶ … Conv2d/SlimQuant/trainable/convolution … Conv2d/SlimQuant/trainable ─▶ BiasAdd
 * }</pre>
 */
public final class TrainableForms {

  /** Whether Conv3D and Conv3DBackpropInputV2 have a gradient. */
  private final boolean volumes;

  public TrainableForms(GradientForm form) {
    volumes = form == GradientForm.REGISTERED && VolumeGradients.REGISTERED;
  }

  /**
   * Checks that each of a layer's ops has a gradient, or a form that has one.
   *
   * @throws IllegalStateException if one has neither; the message names it
   */
  public void check(LayerCall call) {
    for (GraphOperation operation : call.operations()) {
      switch (operation.type()) {
        case "Conv3DBackpropInputV2" -> requireVolumes(call, operation);
        case "Conv", "Conv2D", "Conv3D", "DepthwiseConv2dNative" ->
            checkConvolution(call, operation);
        default -> {}
      }
    }
  }

  private void checkConvolution(LayerCall call, GraphOperation operation) {
    if (operation.type().equals("Conv")) {
      long batches = operation.attributes().getAttrInt("batch_dims");
      if (batches != 1) {
        throw noGradient(
            call,
            operation,
            "TensorFlow has none for Conv, and with %d axes for the batch it is no Conv2D"
                .formatted(batches),
            "reshape its input to one axis for the batch");
      }
    }
    ConvolutionSpec convolution = ConvolutionSpec.of(operation);
    if (convolution.type().equals("Conv3D")) {
      requireVolumes(call, operation);
    }
    if (convolution.isDilated() && !convolution.isKernelKnown()) {
      throw noGradient(
          call,
          operation,
          "TensorFlow's ignores its dilations, and the size of its kernel is not known",
          "give the kernel a shape");
    }
  }

  private void requireVolumes(LayerCall call, GraphOperation operation) {
    if (!volumes) {
      throw noGradient(
          call,
          operation,
          "TensorFlow's C++ library has none, and TensorFlow Java cannot register one on this"
              + " platform",
          "build the layer from Conv2D, or the quantized graph on Linux or macOS");
    }
  }

  private static IllegalStateException noGradient(
      LayerCall call, GraphOperation operation, String fact, String remedy) {
    return new IllegalStateException(
        "every op of layer %s must have a right gradient, but %s (%s) has not: %s; %s"
            .formatted(call.layer(), operation.name(), operation.type(), fact, remedy));
  }

  /**
   * Adds the forms of a layer's ops and lets the readers of the ops read the forms.
   *
   * @return the outputs of the forms, by those of the ops that they replace
   */
  public Map<Output<?>, Output<?>> apply(LayerCall call) {
    Map<Output<?>, Output<?>> forms = new HashMap<>();
    for (GraphOperation operation : call.operations()) {
      if (needsForm(operation)) {
        Output<?> original = operation.output(0);
        List<Edge> readers = NativeGraph.readers(original);
        Output<?> form = add(operation);
        readers.forEach(edge -> NativeGraph.reroute(edge, form));
        forms.put(original, form);
      }
    }
    return forms;
  }

  /** Returns whether TensorFlow's gradient of an op is not right, while that of another form is. */
  public static boolean needsForm(GraphOperation operation) {
    return switch (operation.type()) {
      case "Conv" -> true;
      case "Conv2D" -> {
        ConvolutionSpec convolution = ConvolutionSpec.of(operation);
        yield convolution.isDilated()
            || convolution.isExplicit()
            || convolution.groups() != 1
            || convolution.isOneToOne();
      }
      case "Conv3D", "DepthwiseConv2dNative" -> ConvolutionSpec.of(operation).isDilated();
      case "MaxPool" -> operation.attributes().getAttrString("padding").equals("EXPLICIT");
      default -> false;
    };
  }

  private static Output<?> add(GraphOperation operation) {
    Scope scope = Devices.beside(operation.output(0));
    String name = operation.name() + TrainableForm.SUFFIX;
    return operation.type().equals("MaxPool")
        ? maxPool(scope, name, operation)
        : ConvolutionForm.add(
            scope, name, ConvolutionSpec.of(operation), operation.input(0), operation.input(1));
  }

  /** Pads with the lowest number, with which TensorFlow's op begins, too. */
  private static Output<?> maxPool(Scope scope, String name, GraphOperation operation) {
    OperationAttributeInspector attributes = operation.attributes();
    List<Integer> paddings =
        LongStream.of(attributes.getAttrIntList("explicit_paddings"))
            .mapToObj(Math::toIntExact)
            .toList();
    Output<?> padded =
        Primitives.op(
            scope,
            "PadV2",
            name + "/pad",
            operation.input(0),
            IntegerConstants.pairs(scope, name + "/paddings", paddings),
            Primitives.sharedConstant(operation.env(), "SlimQuant/lowest", -Float.MAX_VALUE));
    return scope
        .env()
        .opBuilder("MaxPool", name, scope)
        .addInput(padded)
        .setAttr("ksize", attributes.getAttrIntList("ksize"))
        .setAttr("strides", attributes.getAttrIntList("strides"))
        .setAttr("padding", "VALID")
        .setAttr("data_format", attributes.getAttrString("data_format"))
        .build()
        .output(0);
  }
}
