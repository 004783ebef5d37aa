#!/usr/bin/env bash
# ONNX Runtime 1.29: two pairs of QuantizeLinear and DequantizeLinear become one, with other results.
#
# Expected: at the default optimization level a graph computes what its nodes say. A value that is
#   quantized with step 1 and then with step 1/2 is a multiple of 1.
# Seen: from the level BASIC on (the default is ALL) the two pairs are replaced by one pair, whose
#   scale and zero point are computed from the ranges of both. The first rounding is lost, so the
#   output has values between the steps of the coarser pair. If the ranges differ, the new scale is
#   not one of the file's: with scales of 1 and 1/2 and zero points of 128 and 0 it is 127 / 255.
#   Graphs have such pairs wherever one tensor is quantized for two layers, one after the other.
# Versions: com.microsoft.onnxruntime:onnxruntime 1.29.0, linux-x86_64; opset 13, uint8.
# Output seen, for x = 0.3, 0.4, 0.6, 1.6, 100:
#   steps 1, 1/2, zero points 0, 0:   NO_OPT [0.0, 0.0, 1.0, 2.0, 100.0] ALL_OPT [0.5, 0.5, 0.5, 1.5, 100.0]
#   steps 1, 1/2, zero points 128, 0: NO_OPT [0.0, 0.0, 1.0, 2.0, 100.0] ALL_OPT [0.49803922, 0.49803922, 0.49803922, 1.4941176, 100.10588]
#   steps 1, 4, zero points 0, 0:     NO_OPT [0.0, 0.0, 0.0, 0.0, 100.0] ALL_OPT [0.0, 0.0, 1.0, 2.0, 100.0]
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

cat > Pairs.java <<'JAVA'
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
import java.util.Arrays;
import java.util.Map;

public class Pairs {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final float[] X = {0.3f, 0.4f, 0.6f, 1.6f, 100};

  public static void main(String[] args) throws Exception {
    print(1, 0.5f, 0, 0);
    print(1, 0.5f, 128, 0);
    print(1, 4, 0, 0);
  }

  static void print(float first, float second, int firstZero, int secondZero) throws Exception {
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(
                GraphProto.newBuilder()
                    .setName("pairs")
                    .addInput(vector("x"))
                    .addOutput(vector("y"))
                    .addInitializer(scalar("s1", FLOAT).addFloatData(first))
                    .addInitializer(scalar("s2", FLOAT).addFloatData(second))
                    .addInitializer(scalar("z1", UINT8).addInt32Data(firstZero))
                    .addInitializer(scalar("z2", UINT8).addInt32Data(secondZero))
                    .addNode(node("QuantizeLinear", "x", "s1", "z1", "q1"))
                    .addNode(node("DequantizeLinear", "q1", "s1", "z1", "d1"))
                    .addNode(node("QuantizeLinear", "d1", "s2", "z2", "q2"))
                    .addNode(node("DequantizeLinear", "q2", "s2", "z2", "y")))
            .build();
    System.out.printf(
        "steps %s, %s, zero points %d, %d: NO_OPT %s ALL_OPT %s%n",
        first, second, firstZero, secondZero, run(model, OptLevel.NO_OPT), run(model, OptLevel.ALL_OPT));
  }

  static String run(ModelProto model, OptLevel level) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(level);
      try (var session = environment.createSession(model.toByteArray(), options);
          OnnxTensor x = OnnxTensor.createTensor(environment, X);
          var result = session.run(Map.of("x", x))) {
        return Arrays.toString((float[]) result.get(0).getValue());
      }
    }
  }

  static NodeProto.Builder node(String op, String x, String scale, String zero, String y) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .addInput(x)
        .addInput(scale)
        .addInput(zero)
        .addOutput(y);
  }

  static TensorProto.Builder scalar(String name, int type) {
    return TensorProto.newBuilder().setName(name).setDataType(type);
  }

  static ValueInfoProto.Builder vector(String name) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(FLOAT)
                        .setShape(
                            TensorShapeProto.newBuilder()
                                .addDim(
                                    TensorShapeProto.Dimension.newBuilder()
                                        .setDimValue(X.length)))));
  }
}
JAVA

seen=$(java -cp 'jars/*' Pairs.java 2>/dev/null)
echo "$seen"

[ "$seen" = "steps 1.0, 0.5, zero points 0, 0: NO_OPT [0.0, 0.0, 1.0, 2.0, 100.0] ALL_OPT [0.5, 0.5, 0.5, 1.5, 100.0]
steps 1.0, 0.5, zero points 128, 0: NO_OPT [0.0, 0.0, 1.0, 2.0, 100.0] ALL_OPT [0.49803922, 0.49803922, 0.49803922, 1.4941176, 100.10588]
steps 1.0, 4.0, zero points 0, 0: NO_OPT [0.0, 0.0, 0.0, 0.0, 100.0] ALL_OPT [0.0, 0.0, 1.0, 2.0, 100.0]" ] \
  || { echo "changed"; exit 1; }
