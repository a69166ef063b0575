//! The order of stages, shared by HTTP and command line:
//! document → language → segments → engine → figures → summary → response.
