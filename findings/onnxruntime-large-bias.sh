#!/usr/bin/env bash
# ONNX Runtime 1.29: the largest float bias of a quantized convolution becomes the smallest integer.
#
# Expected: a Conv between DequantizeLinear and QuantizeLinear adds its float bias. If the session
#   makes an integer op of it, a bias beyond the range of int32 saturates, as QuantizeLinear does.
# Seen: at the default optimization level the bias is divided by input scale times kernel scale and
#   converted to int32 without a bound. A bias of 2^31 becomes -2^31, and the output is 0 instead of
#   2^31. (As a float, 2^31 - 1 is 2^31, too.) The output is right for the largest float below 2^31,
#   and for every bias without optimization.
# Versions: com.microsoft.onnxruntime:onnxruntime 1.29.0, linux-x86_64; opset 13.
# Output seen, for x = 0, scales of 1, a kernel of 1 and an output scale of 2^24:
#   bias 2147483520: NO_OPT 2147483648 ALL_OPT 2147483648
#   bias 2147483648: NO_OPT 2147483648 ALL_OPT 0
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

cat > LargeBias.java <<'JAVA'
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.List;
import java.util.Map;

public class LargeBias {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;

  public static void main(String[] args) throws Exception {
    print(Math.nextDown(0x1p31f));
    print(0x1p31f);
  }

  static void print(float bias) throws Exception {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("bias")
            .addInput(image("x"))
            .addOutput(image("y"))
            .addInitializer(tensor("one", FLOAT, 0).addFloatData(1))
            .addInitializer(tensor("scale", FLOAT, 0).addFloatData(0x1p24f))
            .addInitializer(tensor("zero", UINT8, 0).addInt32Data(0))
            .addInitializer(tensor("kernel zero", INT8, 0).addInt32Data(0))
            .addInitializer(tensor("kernel", INT8, 4).addInt32Data(1))
            .addInitializer(tensor("bias", FLOAT, 1).addFloatData(bias))
            .addNode(node("QuantizeLinear", "code", "x", "one", "zero"))
            .addNode(node("DequantizeLinear", "real", "code", "one", "zero"))
            .addNode(node("DequantizeLinear", "real kernel", "kernel", "one", "kernel zero"))
            .addNode(node("Conv", "sum", "real", "real kernel", "bias"))
            .addNode(node("QuantizeLinear", "sum code", "sum", "scale", "zero"))
            .addNode(node("DequantizeLinear", "y", "sum code", "scale", "zero"));
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(graph)
            .build();
    System.out.printf(
        "bias %.0f: NO_OPT %.0f ALL_OPT %.0f%n",
        bias, run(model, OptLevel.NO_OPT), run(model, OptLevel.ALL_OPT));
  }

  static float run(ModelProto model, OptLevel level) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(level);
      try (var session = environment.createSession(model.toByteArray(), options);
          OnnxTensor x = OnnxTensor.createTensor(environment, new float[1][1][1][1]);
          var result = session.run(Map.of("x", x))) {
        return ((float[][][][]) result.get(0).getValue())[0][0][0][0];
      }
    }
  }

  static NodeProto.Builder node(String op, String output, String... inputs) {
    return NodeProto.newBuilder().setOpType(op).addAllInput(List.of(inputs)).addOutput(output);
  }

  static TensorProto.Builder tensor(String name, int type, int rank) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type);
    for (int i = 0; i < rank; i++) {
      tensor.addDims(1);
    }
    return tensor;
  }

  static ValueInfoProto.Builder image(String name) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int i = 0; i < 4; i++) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(1));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape)));
  }
}
JAVA

seen=$(java -cp 'jars/*' LargeBias.java 2>/dev/null)
echo "$seen"

[ "$seen" = "bias 2147483520: NO_OPT 2147483648 ALL_OPT 2147483648
bias 2147483648: NO_OPT 2147483648 ALL_OPT 0" ] \
  || { echo "changed"; exit 1; }
