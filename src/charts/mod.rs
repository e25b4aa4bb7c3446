//! stub
use crate::observers::table::TableSet;
pub struct Caption {
    pub title: String,
    pub scenario: String,
    pub seed: u64,
    pub agents: u64,
    pub replicates: u64,
    pub version: String,
}
pub struct Chart {
    pub name: String,
    pub svg: String,
}
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    #[error("x")]
    X,
}
pub struct LabelledRun<'a> {
    pub label: String,
    pub tables: &'a TableSet,
    pub caption: Caption,
}
pub fn draw_run(_: &TableSet, _: &Caption) -> Result<Vec<Chart>, ChartError> {
    Ok(vec![])
}
pub fn draw_comparison(_: &[LabelledRun<'_>]) -> Result<Vec<Chart>, ChartError> {
    Ok(vec![])
}
pub fn rasterise(_: &str, _: f32) -> Result<Vec<u8>, ChartError> {
    Ok(vec![])
}
