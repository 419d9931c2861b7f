//! Invented names, titles and subjects that the seed draws from. Data alone.

pub(super) const GIVEN: [&str; 32] = [
    "Aarav", "Amelia", "Anton", "Asha", "Bianca", "Carlos", "Chen", "Daniela", "Elias", "Emma", "Farid", "Grace", "Hiroshi", "Ines",
    "Jonas", "Kavya", "Lara", "Liam", "Maja", "Marco", "Mina", "Nadia", "Noah", "Olivia", "Pavel", "Priya", "Rosa", "Samuel", "Sita",
    "Tomas", "Yara", "Zoe",
];

pub(super) const FAMILY: [&str; 29] = [
    "Almeida",
    "Andersen",
    "Basnet",
    "Becker",
    "Bianchi",
    "Costa",
    "Dubois",
    "Fischer",
    "Garcia",
    "Gurung",
    "Haas",
    "Ibrahim",
    "Jensen",
    "Kapoor",
    "Keller",
    "Lindqvist",
    "Marino",
    "Mehta",
    "Moreau",
    "Nakamura",
    "Novak",
    "Okafor",
    "Patel",
    "Petrov",
    "Quinn",
    "Rossi",
    "Sharma",
    "Thapa",
    "Walsh",
];

/// Departments, each with the titles of its people; the first title is its head's.
pub(super) const DEPARTMENTS: [(&str, &[&str]); 8] = [
    ("Sales", &["Sales Director", "Account Manager", "Sales Engineer", "Account Executive"]),
    ("Marketing", &["Marketing Director", "Marketing Manager", "Content Designer", "Brand Specialist"]),
    ("Engineering", &["Engineering Director", "Software Engineer", "Senior Software Engineer", "Test Engineer"]),
    ("Finance", &["Finance Director", "Controller", "Accountant", "Analyst"]),
    ("Operations", &["Operations Director", "Operations Manager", "Logistics Planner", "Buyer"]),
    ("Human Resources", &["HR Director", "HR Partner", "Recruiter", "Trainer"]),
    ("Legal", &["General Counsel", "Paralegal", "Contract Manager", "Compliance Officer"]),
    ("Design", &["Design Director", "Product Designer", "Researcher", "Illustrator"]),
];

pub(super) const SUBJECTS: [&str; 16] = [
    "Budget review",
    "Customer call",
    "Design critique",
    "Hiring sync",
    "Incident review",
    "Interview",
    "Launch checklist",
    "Metrics review",
    "Onboarding",
    "Planning",
    "Pricing discussion",
    "Project Falcon",
    "Quarterly goals",
    "Retrospective",
    "Road map",
    "Vendor meeting",
];
