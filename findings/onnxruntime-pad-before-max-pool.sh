#!/usr/bin/env bash
# ONNX Runtime 1.29: a Pad with zeros before a MaxPool is dropped, and negative maxima result.
#
# Expected: Pad with the constant 0 and MaxPool compute max(0, ...) in every window that reaches
#   into the padding, at each optimization level.
# Seen: from the level BASIC on (the default is ALL) the Pad is merged into the MaxPool's own pads,
#   which mean minus infinity and not 0. Where all numbers are negative, the result differs, for
#   float and for int8. A Pad as wide as the window is merged too, and the session refuses the
#   resulting model: "Pad should be smaller than kernel". The result is right with constants other
#   than 0, also for uint8 with a zero point of 128.
# Versions: com.microsoft.onnxruntime:onnxruntime 1.29.0, linux-x86_64; opset 13.
# Output seen, for the image -1 -2 / -3 -4 and a window of 2 x 2:
#   float, pads 1: NO_OPT 0 0 0 0 -1 0 0 0 0 ALL_OPT -1 -1 -2 -1 -1 -2 -3 -3 -4
#   int8, pads 1: NO_OPT 0 0 0 0 -1 0 0 0 0 ALL_OPT -1 -1 -2 -1 -1 -2 -3 -3 -4
#   float, pads 2: NO_OPT 0 0 0 0 0 0 0 0 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 ALL_OPT refused
#
# Exits with 0 if this is seen, with 1 if it has changed.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.microsoft.onnxruntime</groupId>
      <artifactId>onnxruntime</artifactId>
      <version>1.29.0</version>
    </dependency>
    <dependency>
      <groupId>org.tribuo</groupId>
      <artifactId>tribuo-util-onnx</artifactId>
      <version>4.3.2</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat > PadMaxPool.java <<'JAVA'
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Map;

public class PadMaxPool {
  private static final int FLOAT = 1;
  private static final int INT8 = 3;
  private static final int INT64 = 7;
  private static final long[] IMAGE = {1, 1, 2, 2};

  public static void main(String[] args) throws Exception {
    print("float", FLOAT, 1);
    print("int8", INT8, 1);
    print("float", FLOAT, 2);
  }

  static void print(String name, int type, int pads) throws Exception {
    TensorProto.Builder zero = TensorProto.newBuilder().setName("zero").setDataType(type);
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(
                GraphProto.newBuilder()
                    .setName("pad")
                    .addInput(image("x", type, 2))
                    .addOutput(image("y", type, 1 + 2 * pads))
                    .addInitializer(type == FLOAT ? zero.addFloatData(0) : zero.addInt32Data(0))
                    .addInitializer(pads(pads))
                    .addNode(
                        NodeProto.newBuilder()
                            .setOpType("Pad")
                            .addInput("x")
                            .addInput("pads")
                            .addInput("zero")
                            .addOutput("padded"))
                    .addNode(
                        NodeProto.newBuilder()
                            .setOpType("MaxPool")
                            .addInput("padded")
                            .addOutput("y")
                            .addAttribute(
                                AttributeProto.newBuilder()
                                    .setName("kernel_shape")
                                    .setType(AttributeProto.AttributeType.INTS)
                                    .addInts(2)
                                    .addInts(2))))
            .build();
    System.out.printf(
        "%s, pads %d: NO_OPT %s ALL_OPT %s%n",
        name, pads, run(model, type, OptLevel.NO_OPT), run(model, type, OptLevel.ALL_OPT));
  }

  static String run(ModelProto model, int type, OptLevel level) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(level);
      try (OnnxTensor x = input(environment, type);
          var session = environment.createSession(model.toByteArray(), options);
          var result = session.run(Map.of("x", x))) {
        OnnxTensor y = (OnnxTensor) result.get(0);
        StringBuilder text = new StringBuilder();
        if (type == FLOAT) {
          FloatBuffer numbers = y.getFloatBuffer();
          while (numbers.hasRemaining()) {
            text.append((int) numbers.get()).append(' ');
          }
        } else {
          ByteBuffer numbers = y.getByteBuffer();
          while (numbers.hasRemaining()) {
            text.append(numbers.get()).append(' ');
          }
        }
        return text.toString().strip();
      }
    } catch (OrtException e) {
      return e.getMessage().contains("Pad should be smaller than kernel") ? "refused" : e.getMessage();
    }
  }

  static OnnxTensor input(OrtEnvironment environment, int type) throws Exception {
    return type == FLOAT
        ? OnnxTensor.createTensor(
            environment, FloatBuffer.wrap(new float[] {-1, -2, -3, -4}), IMAGE)
        : OnnxTensor.createTensor(
            environment, ByteBuffer.wrap(new byte[] {-1, -2, -3, -4}), IMAGE, OnnxJavaType.INT8);
  }

  static TensorProto.Builder pads(int pads) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName("pads").setDataType(INT64).addDims(8);
    for (int i = 0; i < 8; i++) {
      tensor.addInt64Data(i % 4 < 2 ? 0 : pads);
    }
    return tensor;
  }

  static ValueInfoProto.Builder image(String name, int type, int size) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dimension : new long[] {1, 1, size, size}) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)));
  }
}
JAVA

seen=$(java -cp 'jars/*' PadMaxPool.java 2>/dev/null)
echo "$seen"

[ "$seen" = "float, pads 1: NO_OPT 0 0 0 0 -1 0 0 0 0 ALL_OPT -1 -1 -2 -1 -1 -2 -3 -3 -4
int8, pads 1: NO_OPT 0 0 0 0 -1 0 0 0 0 ALL_OPT -1 -1 -2 -1 -1 -2 -3 -3 -4
float, pads 2: NO_OPT 0 0 0 0 0 0 0 0 0 0 0 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 ALL_OPT refused" ] \
  || { echo "changed"; exit 1; }
