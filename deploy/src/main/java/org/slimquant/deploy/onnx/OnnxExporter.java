package org.slimquant.deploy.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Path;
import org.slimquant.deploy.onnx.operators.OperatorForm;
import org.slimquant.deploy.onnx.qdq.QdqForm;
import org.slimquant.io.AtomicFile;
import org.slimquant.io.ProtobufVersion;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;

/**
 * Writes an {@link IntegerModel} as an ONNX file.
 *
 * <pre>{@code
 * OnnxExporter.write(model, Path.of("lenet.onnx"));
 * }</pre>
 *
 * <p>Inputs and outputs have the names and the order of the model's. They are real numbers in the
 * model's shape with a free batch {@code N} before it. If the step of an output is 2^d, an output
 * {@code y} is exactly the code {@code y / 2^d}.
 *
 * <p>Files have opset 13, or 21 if a {@link OnnxForm#QDQ} has formats of more than 8 bits. Their
 * metadata have the form, its rounding, the processors on which its sums are exact, the layers that
 * depend on the processor, and the format of each tensor and kernel.
 */
public final class OnnxExporter {

  private static final String PRODUCER = "SlimQuant";
  private static final int OPSET = 13;
  private static final int IR = 7;
  private static final int WIDE_OPSET = 21;
  private static final int WIDE_IR = 10;

  private OnnxExporter() {}

  /**
   * Writes a model in the form {@link OnnxForm#QOPERATOR}. ONNX Runtime computes its codes exactly
   * on every processor.
   *
   * @throws IllegalArgumentException as {@link #write(IntegerModel, Path, OnnxForm)} does
   * @throws IOException if the file cannot be written
   */
  public static void write(IntegerModel model, Path path) throws IOException {
    write(model, path, OnnxForm.QOPERATOR);
  }

  /**
   * Writes a model. An existing file is replaced atomically. If that fails, it does not change.
   *
   * @throws IllegalArgumentException if the form cannot express an op exactly, or has no type for
   *     the bits or the sign of a format, or if the model returns an input; the message names the
   *     op or tensor and a remedy
   * @throws IOException if the file cannot be written
   */
  public static void write(IntegerModel model, Path path, OnnxForm form) throws IOException {
    ProtobufVersion.require();
    AtomicFile.write(path, model(model, form).toByteArray());
  }

  /** Returns a model as ONNX. */
  static ModelProto model(IntegerModel model, OnnxForm form) {
    checkOutputs(model);
    return switch (form) {
      case QOPERATOR, QOPERATOR_VNNI_OR_ARM -> {
        OperatorForm operators = new OperatorForm(model, form == OnnxForm.QOPERATOR_VNNI_OR_ARM);
        GraphProto graph = operators.write();
        yield write(graph, false, new Metadata(model, form, operators.saturating()));
      }
      case QDQ, QDQ_INT8 -> {
        QdqForm qdq = new QdqForm(model, form == OnnxForm.QDQ_INT8);
        GraphProto graph = qdq.write();
        yield write(graph, QdqForm.isWide(model), new Metadata(model, form, qdq.saturating()));
      }
    };
  }

  private static void checkOutputs(IntegerModel model) {
    for (IntegerTensor output : model.outputs()) {
      if (model.inputs().contains(output)) {
        throw new IllegalArgumentException(
            "the output of model %s must be another tensor than its input to be written in ONNX, but both are %s; %s"
                .formatted(
                    model.name(),
                    output.name(),
                    model.outputs().size() == 1
                        ? "there is nothing to compute"
                        : "leave it out of the outputs"));
      }
    }
  }

  private static ModelProto write(GraphProto graph, boolean wide, Metadata metadata) {
    return builder(wide).setGraph(graph).addAllMetadataProps(metadata.properties()).build();
  }

  /**
   * Returns the builder of a file without a graph.
   *
   * @param wide whether the graph has codes of more than 8 bits
   */
  static ModelProto.Builder builder(boolean wide) {
    ModelProto.Builder proto =
        ModelProto.newBuilder()
            .setIrVersion(wide ? WIDE_IR : IR)
            .setProducerName(PRODUCER)
            .addOpsetImport(
                OperatorSetIdProto.newBuilder()
                    .setDomain("")
                    .setVersion(wide ? WIDE_OPSET : OPSET));
    String version = OnnxExporter.class.getPackage().getImplementationVersion();
    return version == null ? proto : proto.setProducerVersion(version);
  }
}
