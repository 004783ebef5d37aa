package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.engine.AtomicFile;
import org.slimquant.engine.IntegerModel;
import org.slimquant.engine.IntegerTensor;
import org.slimquant.engine.ProtobufVersion;
import org.slimquant.engine.WeightedOp;

/**
 * Writes an {@link IntegerModel} as an ONNX file.
 *
 * <pre>{@code
 * OnnxExporter.write(model, Path.of("lenet.onnx"), Form.QOPERATOR);
 * }</pre>
 *
 * <p>Input and output have the names of the model's, and are real numbers in the model's shape with
 * a free batch {@code N} before it. Where a step of the output is 2^d, an output {@code y} is the
 * code {@code y / 2^d}, exactly.
 *
 * <p>Files have opset 13, or 21 if a {@link Form#QDQ} has formats of more than 8 bits. Their
 * metadata have the form, how it rounds, and the format of each tensor and kernel.
 */
public final class OnnxExporter {

  private static final String PRODUCER = "SlimQuant";
  private static final int OPSET = 13;
  private static final int IR = 7;
  private static final int WIDE_OPSET = 21;
  private static final int WIDE_IR = 10;

  private OnnxExporter() {}

  /**
   * Writes a model. An existing file is replaced at once; if that fails, it stays as it is.
   *
   * @throws IllegalArgumentException if the form has no exact way to write an op, or formats of
   *     more than 8 bits, or if the model returns its input; the message has the op or tensor and
   *     what can be done
   * @throws IOException if the file cannot be written
   */
  public static void write(IntegerModel model, Path path, Form form) throws IOException {
    ProtobufVersion.require();
    AtomicFile.write(path, model(model, form).toByteArray());
  }

  /** Returns a model as ONNX. */
  static ModelProto model(IntegerModel model, Form form) {
    if (model.output().equals(model.input())) {
      throw new IllegalArgumentException(
          "the output of model %s must be another tensor than its input to be written in ONNX, but"
                  .formatted(model.name())
              + " both are %s; there is nothing to compute".formatted(model.input().name()));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("slimquant.form", form.name());
    GraphProto graph =
        switch (form) {
          case QDQ -> {
            metadata.put("slimquant.rounding", "half to even");
            yield new QdqForm(model).write();
          }
          case QOPERATOR, QOPERATOR_INT8 -> {
            OperatorForm operators = new OperatorForm(model, form == Form.QOPERATOR_INT8);
            GraphProto written = operators.write();
            metadata.put("slimquant.rounding", "half up");
            metadata.put("slimquant.exact", exact(operators.saturating()));
            yield written;
          }
        };
    metadata.put("slimquant.model", model.name());
    for (IntegerTensor tensor : model.tensors()) {
      metadata.put("slimquant.tensor." + tensor.name(), tensor.format().toString());
    }
    for (WeightedOp layer : model.layers()) {
      metadata.put("slimquant.kernel." + layer.name(), kernel(layer));
    }
    boolean wide = QdqForm.isWide(model);
    ModelProto.Builder proto =
        ModelProto.newBuilder()
            .setIrVersion(wide ? WIDE_IR : IR)
            .setProducerName(PRODUCER)
            .addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("").setVersion(wide ? WIDE_OPSET : OPSET))
            .setGraph(graph);
    String version = OnnxExporter.class.getPackage().getImplementationVersion();
    if (version != null) {
      proto.setProducerVersion(version);
    }
    metadata.forEach(
        (key, value) ->
            proto.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return proto.build();
  }

  private static String exact(List<String> saturating) {
    return saturating.isEmpty()
        ? "on every processor"
        : "where sums of two products have more than 16 bits, needed by "
            + String.join(", ", saturating);
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
