package org.slimquant.model;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.slimquant.model.check.Fields;
import org.slimquant.model.proto.BiasRecord;
import org.slimquant.model.proto.KernelRecord;
import org.slimquant.model.proto.ModelBody;
import org.slimquant.model.proto.WeightsRecord;

/**
 * The kernels and biases of a file, to which its ops refer. In version 1 each layer has its own.
 *
 * <p>Ops that refer to one kernel share one object.
 */
final class WeightsTable {

  private final int version;
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<Codes> biases = new ArrayList<>();

  /**
   * Reads the kernels and biases of a model.
   *
   * @throws IllegalArgumentException if a kernel or a bias is not sound
   */
  WeightsTable(ModelBody body, int version) {
    this.version = version;
    for (int i = 0; i < body.getKernelCount(); i++) {
      kernels.add(kernel(body.getKernel(i), "kernel %d of the model".formatted(i)));
    }
    for (BiasRecord bias : body.getBiasList()) {
      biases.add(codes(bias.getCodeList()));
    }
  }

  /** The kernel and the bias of a layer. */
  record LayerWeights(Kernel kernel, Codes bias) {}

  /**
   * Returns the weights of a layer.
   *
   * @param layer the layer's message
   * @param what the name of the layer, for errors
   * @param own its weights in version 1
   * @param kernel the index of its kernel in later versions
   * @param bias the index of its bias
   * @throws IllegalArgumentException if the message lacks them, or has those of another version
   */
  LayerWeights of(Message layer, String what, WeightsRecord own, int kernel, int bias) {
    if (version == 1) {
      Fields.require(layer, what, "weights");
      Fields.forbid(layer, what, "kernel", "bias");
      return new LayerWeights(kernel(own, what), codes(own.getBiasList()));
    }
    Fields.require(layer, what, "kernel", "bias");
    Fields.forbid(layer, what, "weights");
    return new LayerWeights(
        Fields.element(kernels, kernel, what, "kernels"),
        Fields.element(biases, bias, what, "biases"));
  }

  private static Kernel kernel(WeightsRecord weights, String what) {
    Fields.require(weights, what, "bits", "signed", "code");
    return kernel(
        what,
        weights.getShapeList(),
        weights.getBits(),
        weights.getSigned(),
        weights.getExponentList(),
        weights.getCode());
  }

  private static Kernel kernel(KernelRecord kernel, String what) {
    Fields.require(kernel, what, "bits", "signed", "code");
    return kernel(
        what,
        kernel.getShapeList(),
        kernel.getBits(),
        kernel.getSigned(),
        kernel.getExponentList(),
        kernel.getCode());
  }

  private static Kernel kernel(
      String what,
      List<Integer> shape,
      int bits,
      boolean signed,
      List<Integer> exponents,
      ByteString bytes) {
    Codes codes = CodeBytes.codes(bytes, bits, signed, what);
    return Fields.named(what, () -> new Kernel(shape, bits, signed, exponents, codes));
  }

  private static Codes codes(List<Integer> codes) {
    return Codes.of(codes.stream().mapToInt(Integer::intValue).toArray());
  }
}
