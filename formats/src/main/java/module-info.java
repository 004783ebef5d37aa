/** Number formats, quantization plans and their file. */
module org.slimquant.formats {
  requires com.google.protobuf;
  requires static transitive org.jspecify;

  exports org.slimquant.format;
  exports org.slimquant.plan;
  exports org.slimquant.io to
      org.slimquant.benchmarks,
      org.slimquant.demo,
      org.slimquant.deploy,
      org.slimquant.engine,
      org.slimquant.processor,
      org.slimquant.runtime;

  opens org.slimquant.io.proto to
      com.google.protobuf;
  opens org.slimquant.plan.proto to
      com.google.protobuf;
}
