ALTER TABLE "gateway_texts" DROP CONSTRAINT "gateway_texts_project_id_projects_id_fk";
