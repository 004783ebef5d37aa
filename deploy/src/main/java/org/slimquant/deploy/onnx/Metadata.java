package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.qdq.QdqForm;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.WeightedOp;

/**
 * The properties of a file:
 *
 * <pre>{@code
 * slimquant.form             QOPERATOR_VNNI_OR_ARM
 * slimquant.rounding         half up
 * slimquant.exact            on ARM and on x86 with VNNI; on other x86 with the session option …
 * slimquant.load             where ONNX Runtime refuses formats of 8 and more bits together, …
 * slimquant.saturates.conv1  512 of 1152 sums of two products
 * slimquant.model            lenet
 * slimquant.tensor.images    uint8 * 2^-8
 * slimquant.kernel.conv1     int8 * 2^-5
 * }</pre>
 *
 * @param saturating the layers whose sums depend on the processor
 */
record Metadata(IntegerModel model, OnnxForm form, Map<String, SaturatingPairs> saturating) {

  private static final String EVERYWHERE = "on every processor";
  private static final String SOMEWHERE =
      "on ARM and on x86 with VNNI; on other x86 with the session option session.x64quantprecision=1";
  private static final String OTHER_OPTION = ", or session.qdqisint8allowed=1, but not with both";

  private static final String LOAD =
      "where ONNX Runtime refuses formats of 8 and more bits together, with the session option"
          + " session.qdqisint8allowed=1";

  /** Returns the properties, in the order above. */
  List<StringStringEntryProto> properties() {
    List<StringStringEntryProto> properties = new ArrayList<>();
    boolean halfUp = form == OnnxForm.QOPERATOR || form == OnnxForm.QOPERATOR_VNNI_OR_ARM;
    properties.add(property("form", form.name()));
    properties.add(property("rounding", halfUp ? "half up" : "half to even"));
    properties.add(
        property("exact", halfUp ? where() : "but for ties and the lowest code, " + where()));
    if (form == OnnxForm.QDQ && QdqForm.isWide(model)) {
      properties.add(property("load", LOAD));
    }
    saturating.forEach(
        (layer, pairs) -> properties.add(property("saturates." + layer, pairs.toString())));
    properties.add(property("model", model.name()));
    for (IntegerTensor tensor : model.tensors()) {
      properties.add(property("tensor." + tensor.name(), tensor.format().toString()));
    }
    for (WeightedOp layer : model.layers()) {
      properties.add(property("kernel." + layer.name(), kernel(layer)));
    }
    return properties;
  }

  private String where() {
    if (saturating.isEmpty()) {
      return EVERYWHERE;
    }
    return hasInt8Data() ? SOMEWHERE + OTHER_OPTION : SOMEWHERE;
  }

  /**
   * Whether the elements that are multiplied are int8. ONNX Runtime has an option to keep them as
   * they are: its kernels for int8 by int8 are exact and slow.
   */
  private boolean hasInt8Data() {
    return form == OnnxForm.QDQ_INT8
        || (form == OnnxForm.QDQ
            && model.layers().stream()
                .filter(layer -> saturating.containsKey(layer.name()))
                .allMatch(layer -> layer.input().format().signed()));
  }

  private static StringStringEntryProto property(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey("slimquant." + key).setValue(value).build();
  }

  private static String kernel(WeightedOp layer) {
    return layer.kernel().exponents().size() == 1
        ? layer.kernel().format(0).toString()
        : "%s%d * 2^%s"
            .formatted(
                layer.kernel().signed() ? "int" : "uint",
                layer.kernel().bits(),
                layer.kernel().exponents());
  }
}
