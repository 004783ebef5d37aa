module app {
  requires org.slimquant.runtime;
}
